"""Coverage as readiness reads it: as of today, of each programme as a whole. Rows of two days are never added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from evidence.coverage.models import Coverage, Worst
from evidence.coverage.selectors import coverage_counted
from evidence.coverage.terms import period_of

_NAMES = ("filled", "late", "missed", "unknown", "open", "to_come")


class Sums:
    """Of one programme: by control the intervals of all its requirements, by state; and how many requirements have intervals,
    are without a hole, have lost one for good."""

    def __init__(self, rows: Iterable[Coverage]) -> None:
        self.by_control: dict[UUID, Counter[str]] = defaultdict(Counter)
        self.requirements = {"of": 0, "whole": 0, "lost": 0}
        for row in rows:
            if row.worst == Worst.NOTHING:
                continue
            self.by_control[row.requirement.control_id].update(
                {name: number for name in _NAMES if (number := getattr(row, name))}
            )
            self.requirements["of"] += 1
            self.requirements["whole"] += not row.holes
            self.requirements["lost"] += row.lost > 0


class Covered:
    """The sums of every programme. What was counted for today is read at once; a programme of which a row is of another day,
    or none is there yet, is counted anew: midnight alone turns open into missed (docs/decisions/0018), and what nobody has
    counted is not known to be whole."""

    def __init__(self) -> None:
        self._on = today(here().timezone)
        self._kept: dict[UUID, list[Coverage]] = defaultdict(list)
        rows = Coverage.objects.select_related("requirement").only(
            "organization_id", "programme_id", "on", "worst", "lost", *_NAMES, "requirement__organization_id", "requirement__control_id",
        )  # fmt: skip
        for row in rows.iterator(chunk_size=5000):
            self._kept[row.programme_id].append(row)
        self._sums: dict[UUID, Sums] = {}

    def of(self, programme: Programme) -> Sums:
        """The sums of one programme; nothing where it has neither a period nor an as-of date."""
        if programme.pk not in self._sums:
            self._sums[programme.pk] = Sums(self._rows(programme))
        return self._sums[programme.pk]

    def _rows(self, programme: Programme) -> list[Coverage]:
        kept = self._kept.get(programme.pk, [])
        if kept and all(row.on == self._on for row in kept):
            return kept
        period = period_of(programme)
        return coverage_counted(programme, period, self._on) if period else []
