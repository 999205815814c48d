"""How a programme counts: over which days, by which calendar, with which tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from compliance.intervals.blocks import grace_of
from compliance.intervals.cadence import Cadence
from compliance.programmes.models import Programme, ProgrammeKind

from .counting import Stretch, Way
from .models import Tolerance

_ONCE_A_YEAR = frozenset({Cadence.ANNUAL, Cadence.TWO_YEARS})
#: Days before the period that count without an audit firm's word.
BEFORE = 0
#: Days after the end that the definitions give what is done once a year.
AFTER = grace_of(Cadence.ANNUAL)


@dataclass(frozen=True)
class Period:
    """The days that a programme speaks of, and how they are counted. A Type I has its as-of date twice."""

    way: Way
    first: date
    last: date

    @property
    def span(self) -> Stretch:
        return self.first, self.last


def period_of(programme: Programme) -> Period | None:
    """The days of a programme; None where neither a period nor an as-of date is set.

    A Type I speaks of its as-of date alone, whatever else is set; PCI DSS counts days since the last performance.
    """
    if programme.kind == ProgrammeKind.SOC2_TYPE_1:
        return Period(Way.ONE_DAY, programme.as_of, programme.as_of) if programme.as_of else None
    if programme.period_start and programme.period_end:
        way = Way.GAPS if programme.kind == ProgrammeKind.PCI else Way.BLOCKS
        return Period(way, programme.period_start, programme.period_end)
    return Period(Way.ONE_DAY, programme.as_of, programme.as_of) if programme.as_of else None


class Tolerances:
    """What each programme's audit firm tolerates, read once."""

    def __init__(self) -> None:
        self._rows: dict[UUID, Tolerance] = {row.programme_id: row for row in Tolerance.objects.all()}

    def of(self, programme: Programme, cadence: Cadence | int) -> tuple[int, int | None]:
        """Days before the period, and days after an interval's end (None: those of the definitions)."""
        row = self._rows.get(programme.pk)
        yearly = cadence in _ONCE_A_YEAR
        return (row.before, row.after) if row is not None and yearly else (BEFORE, None)
