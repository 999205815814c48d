"""Months are counted on the calendar, and end where the month does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.tenancy.months import months_after


def test_months_end_where_the_month_does() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)
    assert months_after(date(2028, 2, 29), -12) == date(2027, 2, 28)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(-40, 40))
def test_months_keep_their_day_where_the_month_has_it(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1
