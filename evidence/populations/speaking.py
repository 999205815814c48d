"""Of which days of a period the confirmed versions of populations speak, and of which they do not."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property
from uuid import UUID

from compliance.intervals.spans import Days
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day
from controls.models import Control
from controls.operating import Operating

from .models import PopulationControl
from .selectors import confirmed_versions
from .spans import untold


class Speaking:
    """The days of which the confirmed versions of the populations kept for controls speak, read once for any number of spans.
    Two queries, and two more where a span is over in whose midst a control says that it began."""

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
            gap = untold((self._since(control, starts, span), span[1]), told) if self._on > span[1] else None
            if not told:
                found.setdefault(control, []).append(ref)
            elif gap is not None:
                found.setdefault(control, []).append(f"{ref} ({day(gap[0])} to {day(gap[1])})")
        return found

    def _since(self, control: UUID, starts: date | None, span: Days) -> date:
        """The first day of a span on which a control operated, as was stated on each: a start that is moved later takes back
        nothing (docs/decisions/0052)."""
        if starts is None or starts <= span[0]:
            return span[0]
        controls, operating = self._operating
        return min((first for first, _ in operating.stretches(controls[control], span)), default=starts)

    @cached_property
    def _operating(self) -> tuple[dict[UUID, Control], Operating]:
        controls = Control.objects.in_bulk({control for control, *_ in self._served})
        return controls, Operating(set(controls))


def populations_beside(span: Days) -> dict[UUID, list[str]]:
    """The same for one span."""
    return Speaking().beside(span)
