"""Of which days of a period the confirmed versions of populations speak, and of which they do not."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from compliance.intervals.spans import Days
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day

from .models import PopulationControl
from .selectors import confirmed_versions
from .spans import untold


class Speaking:
    """The days of which the confirmed versions of the populations kept for controls speak, read once for any number of spans.
    Two queries."""

    def __init__(self) -> None:
        self._on = today(here().timezone)
        served = PopulationControl.objects.order_by("population__ref")
        self._served: list[tuple[UUID, UUID, str, date | None]] = list(
            served.values_list("control_id", "population_id", "population__ref", "control__starts_on")
        )
        self._days: dict[UUID, list[Days]] = defaultdict(list)
        for population, first, last in confirmed_versions().order_by("first").values_list("population_id", "first", "last"):
            self._days[population].append((first, last))

    def beside(self, span: Days) -> dict[UUID, list[str]]:
        """By control, the references of the populations kept for it of which no confirmed version speaks of a day of the span; once
        it is over also those of which none speaks of some of its days, with the first of these."""
        found: dict[UUID, list[str]] = {}
        for control, population, ref, starts in self._served:
            told = [each for each in self._days[population] if each[0] <= span[1] and each[1] >= span[0]]
            gap = untold((max(span[0], starts or span[0]), span[1]), told) if self._on > span[1] else None
            if not told:
                found.setdefault(control, []).append(ref)
            elif gap is not None:
                found.setdefault(control, []).append(f"{ref} ({day(gap[0])} to {day(gap[1])})")
        return found


def populations_beside(span: Days) -> dict[UUID, list[str]]:
    """The same for one span."""
    return Speaking().beside(span)
