"""The days of a review, against a model that counts one day at a time."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.intervals.cadence import Cadence
from controls.reviews.timing import cadence_of, half_gone, timetables

DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
CADENCES = st.sampled_from([each for each in Cadence if each not in (Cadence.CONTINUOUS, Cadence.ON_EVENT)])
MONTHS = {"monthly": 1, "quarterly": 3, "semi_annual": 6, "annual": 12, "two_years": 24}
#: From the definitions, by hand: day 1, week 3, month 7, quarter 15, half-year and year 30.
GRACE = {"daily": 1, "weekly": 3, "monthly": 7, "quarterly": 15, "semi_annual": 30, "annual": 30, "two_years": 30}


def begins_by_walking(start: date, cadence: str, on: date) -> list[date]:
    """First days of blocks, found by asking of every day whether a block begins on it."""
    found, day = [], start
    while day <= on:
        if cadence in MONTHS:
            months = (day.year - start.year) * 12 + day.month - start.month
            last_of_month = calendar.monthrange(day.year, day.month)[1]
            if months % MONTHS[cadence] == 0 and day.day == min(start.day, last_of_month):
                found.append(day)
        elif (day - start).days % (7 if cadence == "weekly" else 1) == 0:
            found.append(day)
        day += timedelta(days=1)
    return found


@given(start=DAYS, cadence=CADENCES, ahead=st.integers(0, 800))
def test_blocks_begin_where_walking_day_by_day_finds_them(start: date, cadence: Cadence, ahead: int) -> None:
    on = start + timedelta(days=ahead)
    listed = list(timetables(start, cadence, on=on))
    assert [each.covers_from for each in listed] == begins_by_walking(start, cadence.value, on)


@given(start=DAYS, cadence=CADENCES, ahead=st.integers(0, 800))
def test_every_day_lies_in_exactly_one_review(start: date, cadence: Cadence, ahead: int) -> None:
    listed = list(timetables(start, cadence, on=start + timedelta(days=ahead)))
    assert listed[0].covers_from == start
    for before, after in zip(listed, listed[1:], strict=False):
        assert after.covers_from == before.due_on + timedelta(days=1)
    assert listed[-1].due_on >= start + timedelta(days=ahead)


@given(start=DAYS, cadence=CADENCES)
def test_it_reminds_within_its_block_escalates_within_its_grace_and_closes_at_the_end(start: date, cadence: Cadence) -> None:
    [first] = timetables(start, cadence, on=start)
    grace = GRACE[cadence.value]
    assert first.covers_from <= first.remind_from <= first.due_on < first.escalates_on <= first.closes_on
    assert (first.closes_on - first.due_on).days == grace
    gone, left = (first.escalates_on - first.due_on).days, (first.closes_on - first.escalates_on).days
    assert gone >= left >= gone - 1
    notice = (first.due_on - first.remind_from).days
    assert notice <= 30
    assert notice * 2 <= (first.due_on - first.covers_from).days + 1


@given(start=DAYS, length=st.integers(1, 800), gone=st.integers(0, 800))
def test_half_of_a_block_is_gone_when_as_many_days_lie_before_as_after(start: date, length: int, gone: int) -> None:
    last, on = start + timedelta(days=length - 1), start + timedelta(days=gone)
    before = sum(start + timedelta(days=n) < on for n in range(length)) if gone <= length else length
    assert half_gone(start, last, on) == (before >= length - before)


@pytest.mark.parametrize(
    ("start", "cadence", "on", "ends"),
    [
        (date(2024, 1, 31), "monthly", date(2024, 4, 1), [date(2024, 2, 28), date(2024, 3, 30), date(2024, 4, 29)]),
        (date(2026, 2, 15), "quarterly", date(2026, 5, 15), [date(2026, 5, 14), date(2026, 8, 14)]),
        (date(2024, 2, 29), "annual", date(2025, 3, 1), [date(2025, 2, 27), date(2026, 2, 27)]),
        (date(2026, 3, 28), "daily", date(2026, 3, 29), [date(2026, 3, 28), date(2026, 3, 29)]),
    ],
)  # fmt: skip
def test_blocks_by_hand(start: date, cadence: str, on: date, ends: list[date]) -> None:
    assert [each.due_on for each in timetables(start, Cadence(cadence), on=on)] == ends


def test_a_quarter_by_hand() -> None:
    [first, *_] = timetables(date(2026, 2, 15), Cadence.QUARTERLY, on=date(2026, 2, 15))
    assert (first.due_on, first.remind_from) == (date(2026, 5, 14), date(2026, 4, 27))  # 89 days: 17 of notice
    assert (first.escalates_on, first.closes_on) == (date(2026, 5, 22), date(2026, 5, 29))


def test_what_is_continuous_or_on_event_is_asked_quarterly_and_what_says_nothing_not_at_all() -> None:
    asked = {each: cadence_of(each) for each in ("continuous", "on_event", "monthly", "two_years", "")}
    assert asked == {
        "continuous": Cadence.QUARTERLY, "on_event": Cadence.QUARTERLY, "monthly": Cadence.MONTHLY,
        "two_years": Cadence.TWO_YEARS, "": None,
    }  # fmt: skip


def test_what_follows_events_has_no_blocks() -> None:
    with pytest.raises(ValueError, match="no blocks"):
        list(timetables(date(2026, 1, 1), Cadence.ON_EVENT, on=date(2026, 1, 1)))
