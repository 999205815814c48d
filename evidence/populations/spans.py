"""The period that a population is of, and from when to when what was collected is complete within it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from compliance.intervals.spans import Days
from compliance.tenancy.months import months_after

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole days of a time zone, as instants: `starts` is in it, `ends` is the first instant after it."""

    first: date
    last: date
    zone: tzinfo

    @property
    def starts(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def holds(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends

    def holds_day(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Hole:
    """A stretch of the period for which nothing can be said, and why."""

    starts: datetime
    ends: datetime
    why: str


@dataclass(frozen=True)
class Reach:
    """From when to when a list is complete, and the holes. With a hole it is complete for no more than around it."""

    starts: datetime | None
    ends: datetime | None
    holes: tuple[Hole, ...] = ()

    def covers(self, period: Period) -> bool:
        """Whether the whole period is covered, without a hole."""
        if self.starts is None or self.ends is None or self.holes:
            return False
        return self.starts <= period.starts and self.ends >= period.ends


@dataclass(frozen=True)
class Watch:
    """When one kind of fact was looked at: good looks in order, how often it should be, and what was lost.

    `back` is how far a first look reaches into the past: None for a state, which is seen only as it stands. `lost` are
    stretches that the source no longer had when we came back for them.
    """

    name: str
    looks: Sequence[datetime]
    every: timedelta
    back: timedelta | None = None
    lost: tuple[tuple[datetime, datetime], ...] = ()


def reach_of(watch: Watch, period: Period) -> Reach:
    """What one kind of fact covers of a period.

    A list that is followed (`back` is given) covers from as far back as its first look reached to its last look, but for
    what was lost. A state holds between two looks that are at most two cadences apart (definitions, Evidence); else the
    time between was not observed.
    """
    if not watch.looks:
        return Reach(None, None, (Hole(period.starts, period.ends, f"{watch.name} was never read."),))
    starts, ends = min(watch.looks), max(watch.looks)
    if watch.back is not None:
        lost = (_cut(a, b, period, f"{watch.name}: its source no longer kept this when it was read.") for a, b in watch.lost)
        return _within(starts - watch.back, ends, tuple(hole for hole in lost if hole), period, watch.name)
    apart = ((a, b) for a, b in zip(sorted(watch.looks), sorted(watch.looks)[1:], strict=False) if b - a > 2 * watch.every)
    holes = (_cut(a, b, period, f"{watch.name} was not looked at.") for a, b in apart)
    return _within(starts, ends, tuple(hole for hole in holes if hole), period, watch.name)


def _within(starts: datetime, ends: datetime, holes: tuple[Hole, ...], period: Period, name: str) -> Reach:
    if ends <= period.starts or starts >= period.ends:
        return Reach(None, None, (Hole(period.starts, period.ends, f"{name} was not looked at."),))
    return Reach(max(starts, period.starts), min(ends, period.ends), holes)


def _cut(starts: datetime, ends: datetime, period: Period, why: str) -> Hole | None:
    starts, ends = max(starts, period.starts), min(ends, period.ends)
    return Hole(starts, ends, why) if starts < ends else None


def all_of(reaches: Iterable[Reach]) -> Reach:
    """What several lists cover together: as much as each of them, with the holes of all."""
    found = list(reaches)
    if not found:
        return Reach(None, None)
    holes = tuple(sorted({hole for reach in found for hole in reach.holes}, key=lambda hole: (hole.starts, hole.ends, hole.why)))
    starts, ends = [reach.starts for reach in found], [reach.ends for reach in found]
    if None in starts or None in ends:
        return Reach(None, None, holes)
    first, last = max(each for each in starts if each), min(each for each in ends if each)
    return Reach(first, last, holes) if first < last else Reach(None, None, holes)


def days_next(told_until: date | None, months: int, on: date) -> Days:
    """The days of the list that comes next, up to yesterday: those after the last that was told, else the last `months`. They end
    before they begin where all of them are told."""
    if told_until is None:
        return months_after(on, -months), on - _DAY
    first = told_until + _DAY
    return first, min(months_after(first, months), on) - _DAY


def untold(span: Days, told: Iterable[Days]) -> Days | None:
    """The first days in a row of a span of which nothing is told; None where all of it is."""
    first = span[0]
    for begins, ends in sorted(told):
        if begins > first:
            return first, min(begins - _DAY, span[1])
        first = max(first, ends + _DAY)
        if first > span[1]:
            return None
    return (first, span[1]) if first <= span[1] else None
