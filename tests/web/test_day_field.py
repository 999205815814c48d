"""Days that a form takes: those that can be counted from, in every time zone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from compliance.web.day_field import DayField


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_out_of_every_range_is_refused(day):
    with pytest.raises(ValidationError, match="Give a day from 1970-01-01 to 2199-12-31"):
        DayField("Due").clean(day)


def test_an_empty_one_stays_empty():
    assert DayField("Due", required=False).clean("") is None
