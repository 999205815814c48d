"""Which days of a period under way, or just over, no frozen list of a population tells yet: its rest, which somebody has to
freeze. A list is drawn anew once in so many months, and a period ends between two of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from compliance.intervals.spans import Days
from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from controls.conditions import controls_ever_asked
from controls.models import Control
from controls.operating import Operating

from ..coverage.terms import period_of
from .denied import denied
from .models import Population, PopulationControl, PopulationVersion
from .speaking import untold

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rest:
    """The first days in a row that no list of a population tells, of the period of a programme. `due`: the first day on which
    a list can tell all of it."""

    population: Population
    programme: Programme
    days: Days
    due: date


def rests(populations: Iterable[Population], *, ending_by: date) -> list[Rest]:
    """The rest of each population in each programme under way whose period ends by a day, one for each that has lists already.

    Told is what a version holds that is not known to be incomplete, confirmed or on its way to be. Expected are the days on
    which some control operated that is sampled from it. One query where no period ends by then.
    """
    ending = [(each, period.span) for each in open_programmes() if (period := period_of(each)) and period.last <= ending_by]
    if not ending or not (kept_lists := list(populations)):
        return []
    told = _told(kept_lists)
    serves: dict[UUID, set[UUID]] = defaultdict(set)
    for population, control in PopulationControl.objects.filter(population__in=kept_lists).values_list("population", "control"):
        serves[population].add(control)
    kept = {each.pk: each for each in Control.objects.filter(pk__in=set().union(*serves.values()))}
    operating = Operating(set(kept))
    found = []
    for programme, span in ending:
        asked = set(controls_ever_asked(programme).filter(pk__in=kept).order_by().values_list("pk", flat=True))
        for each in kept_lists:
            stretches = [days for id in serves[each.pk] & asked for days in operating.stretches(kept[id], span)]
            if told[each.pk] and (days := next(_untold(stretches, told[each.pk]), None)):
                found.append(Rest(each, programme, days, span[1] + _DAY))
    return found


def _told(populations: Collection[Population]) -> dict[UUID, list[Days]]:
    failing = denied([each.pk for each in populations]).failing
    versions = PopulationVersion.objects.filter(population__in=populations).exclude(pk__in=failing).order_by("first")
    found: dict[UUID, list[Days]] = defaultdict(list)
    for population, first, last in versions.values_list("population", "first", "last"):
        found[population].append((first, last))
    return found


def _untold(stretches: Collection[Days], told: Collection[Days]) -> Iterator[Days]:
    for stretch in sorted(stretches):
        if days := untold(stretch, [each for each in told if each[0] <= stretch[1] and each[1] >= stretch[0]]):
            yield days
