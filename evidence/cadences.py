"""Since when a requirement is to be shown how often: what was stated, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.intervals.cadence import Cadence, parse
from compliance.intervals.changing import Change, Turn, stated
from compliance.tenancy.rooms import here
from controls.models import Frequency

from .cadence import local_day
from .models import EvidenceRequirement, StatedCadence

_LABELS = dict(Frequency.choices)
NOT_SAID = "Not said"


@dataclass(frozen=True)
class Said:
    """One statement as a person reads it. `corrects`: it speaks of days before the one on which it was said. `overruled`: by a
    later one that speaks of its first day or an earlier."""

    row: StatedCadence
    corrects: bool
    overruled: bool

    @property
    def after(self) -> str:
        return label_of(self.row.after)

    @property
    def before(self) -> str:
        return label_of(self.row.before)


def label_of(cadence: str) -> str:
    """A stored cadence in words."""
    return str(_LABELS.get(cadence, NOT_SAID))


def cadence_of(stored: str) -> Cadence | int:
    """A stored cadence; where none is said nothing is expected at intervals, as of what follows events."""
    return parse(stored) if stored else Cadence.ON_EVENT


def stated_cadences(requirements: Iterable[UUID] | None = None) -> dict[UUID, tuple[Turn, ...]]:
    """By requirement whose cadence was ever changed: which was stated from which day on. Of all, or of some. One query."""
    rows = StatedCadence.objects.order_by("requirement_id", "number")
    if requirements is not None:
        rows = rows.filter(requirement__in=list(requirements))
    found: dict[UUID, list[Change]] = defaultdict(list)
    for requirement, before, after, since in rows.values_list("requirement_id", "before", "after", "since"):
        found[requirement].append(Change(cadence_of(before), cadence_of(after), since))
    return {requirement: stated(changes) for requirement, changes in found.items()}


def history_of(requirement: EvidenceRequirement) -> list[Said]:
    """What was stated of a requirement, the last first. One query, or none where it was prefetched."""
    return _read(sorted(requirement.cadences.all(), key=lambda row: row.number))


def _read(rows: Sequence[StatedCadence]) -> list[Said]:
    zone = ZoneInfo(here().timezone)
    earliest: date | None = None
    found = []
    for row in reversed(rows):
        overruled = earliest is not None and earliest <= row.since
        found.append(Said(row, row.since < local_day(row.said_at, zone), overruled))
        earliest = row.since if earliest is None else min(earliest, row.since)
    return found
