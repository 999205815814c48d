"""Days on a line: the one scale that coverage, phases and horizon share."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

UNITS_A_DAY = 2.4


@dataclass(frozen=True, slots=True)
class Scale:
    """From the first day to the last, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a scale cannot end ({self.last}) before it begins ({self.first})")

    @property
    def days(self) -> int:
        """How many days the line holds."""
        return (self.last - self.first).days + 1

    @property
    def width(self) -> float:
        """Its width in a drawing's own units: 876 for a year."""
        return round(self.days * UNITS_A_DAY, 1)

    def x(self, day: dt.date) -> float:
        """Where `day` begins, in units; the day after the last is the right edge, days outside stay at the edges."""
        return round(min(max((day - self.first).days, 0), self.days) * UNITS_A_DAY, 1)

    def share(self, day: dt.date) -> float:
        """Where `day` begins, in per cent of the line, for words that must not stretch."""
        return round(self.x(day) / self.width * 100, 2)

    def holds(self, day: dt.date) -> bool:
        """Whether `day` lies on the line."""
        return self.first <= day <= self.last

    def months(self) -> Iterator[dt.date]:
        """The first of each month that begins on the line."""
        year, month = self.first.year, self.first.month
        if self.first.day > 1:
            year, month = year + month // 12, month % 12 + 1
        while (begins := dt.date(year, month, 1)) <= self.last:
            yield begins
            year, month = year + month // 12, month % 12 + 1
