"""How often something is done, and the length of that on the calendar. Pure.

Months are counted on the organisation's own calendar, so that "quarterly" never drifts by a day in February.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Cadence(StrEnum):
    """How often evidence is brought or a control performed. `continuous` counts as daily: a look is a moment."""

    CONTINUOUS = "continuous"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUAL = "semi_annual"
    ANNUAL = "annual"
    TWO_YEARS = "two_years"
    ON_EVENT = "on_event"


@dataclass(frozen=True)
class Step:
    """The length of a cadence on the calendar: so many months and so many days."""

    months: int = 0
    days: int = 0

    def after(self, day: date, times: int = 1) -> date:
        """The day that lies `times` steps later, cut to the end of a shorter month: 31 January + 1 month is 28 or 29
        February. Counted from `day` itself each time, so that cutting does not accumulate."""
        month = day.year * 12 + day.month - 1 + self.months * times
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days * times)


_STEPS = {
    Cadence.CONTINUOUS: Step(days=1),
    Cadence.DAILY: Step(days=1),
    Cadence.WEEKLY: Step(days=7),
    Cadence.MONTHLY: Step(months=1),
    Cadence.QUARTERLY: Step(months=3),
    Cadence.SEMI_ANNUAL: Step(months=6),
    Cadence.ANNUAL: Step(months=12),
    Cadence.TWO_YEARS: Step(months=24),
}


def step_of(cadence: Cadence | int) -> Step | None:
    """The step of a named cadence or of a number of days; none for one that follows events."""
    if cadence == Cadence.ON_EVENT:
        return None
    return _STEPS[cadence] if isinstance(cadence, Cadence) else Step(days=cadence)


def shorter(one: Cadence | int, other: Cadence | int) -> Cadence | int:
    """The cadence whose step is the shorter; one that follows events is longer than any."""
    return min(one, other, key=_length)


def _length(cadence: Cadence | int) -> float:
    step = step_of(cadence)
    return float("inf") if step is None else step.months * 30.4375 + step.days


def parse(written: str | int) -> Cadence | int:
    """A cadence as written in data: a name, or a number of days of at least one. Raises ValueError otherwise."""
    text = str(written).strip()
    if text.isdecimal():
        if int(text) < 1:
            raise ValueError("a cadence in days is at least 1")
        return int(text)
    try:
        return Cadence(text)
    except ValueError:
        raise ValueError(f"{written!r} is no cadence: a number of days, or one of {', '.join(Cadence)}") from None
