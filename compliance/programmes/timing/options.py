"""The reports that could be had instead, compared by the earliest day of each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from compliance.tenancy.months import months_after

from .advice import BEFORE, earliest
from .aims import Work
from .pace import PHASES, Pace

DAY = timedelta(days=1)
MONTHS: tuple[int, ...] = (0, 3, 6, 12)  # 0 is a Type I


@dataclass(frozen=True)
class Route:
    """One way to a report at one pace: what it speaks of, when the auditor comes, when the report can be there."""

    first: date
    last: date
    fieldwork: date
    report: date


@dataclass(frozen=True)
class Option:
    """A report that could be had: `months` of observation, 0 for a Type I. At the least that each step takes, and at
    the usual pace."""

    months: int
    least: Route
    usual: Route

    @property
    def label(self) -> str:
        return f"Type II of {self.months} months" if self.months else "Type I"

    def by(self, wanted: date) -> bool:
        """Whether the report can be there by a day."""
        return self.least.report <= wanted


def options(today: date, *, work: Work | None = None, pace: Pace | None = None) -> list[Option]:
    """Each report with its earliest days, soonest first. A Type II begins once every control can operate."""
    work, pace = work or Work(), pace or Pace()
    return [
        Option(months, _route(months, today, work, pace, usual=False), _route(months, today, work, pace, usual=True))
        for months in MONTHS
    ]  # fmt: skip


def _route(months: int, today: date, work: Work, pace: Pace, *, usual: bool) -> Route:
    first = earliest(BEFORE, today, work, pace, usual=usual)
    last = months_after(first, months) - DAY if months else first
    fieldwork = max(last + DAY, earliest(PHASES, today, work, pace, usual=usual))
    ends = fieldwork + timedelta(days=pace.days("audit.fieldwork", usual=usual))
    return Route(first, last, fieldwork, ends + timedelta(days=pace.days("audit.report", usual=usual)))
