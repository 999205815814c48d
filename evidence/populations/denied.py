"""Which lists are known to be incomplete, and not answered by a newer one of their days. A list of other days answers nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from compliance.intervals.spans import Days

from .checklist import Result
from .models import PopulationVersion, State
from .spans import untold
from .standing import Standing, standings

#: The step that says whether the list is complete over its days.
_WATCHED = "period"


@dataclass(frozen=True)
class Denied:
    """`failing`: every version that fails a step. `unanswered`: by population those of them of whose days newer versions that do
    not fail leave some out, the newest first. What only was not watched over all its days is answered by a newer one of some:
    it speaks against no row, and the days that are left are told by nobody."""

    failing: frozenset[UUID]
    unanswered: Mapping[UUID, list[Standing]]


def denied(populations: Collection[UUID] | None = None) -> Denied:
    """What is known against the versions of some populations, or of all. Four queries, and one where there are none."""
    rows = PopulationVersion.objects.select_related("population").defer("places", "excluded", "deviations").order_by("-number")
    versions = list(rows if populations is None else rows.filter(population__in=populations))
    by_population: dict[UUID, list[Standing]] = defaultdict(list)
    for each in standings(versions) if versions else ():
        by_population[each.version.population_id].append(each)
    unanswered = {population: found for population, told in by_population.items() if (found := _unanswered(told))}
    failing = (each.version.pk for told in by_population.values() for each in told if each.state == State.FAILS)
    return Denied(frozenset(failing), unanswered)


def _unanswered(newest_first: list[Standing]) -> list[Standing]:
    found: list[Standing] = []
    holding: list[Days] = []
    for each in newest_first:
        version = each.version
        if each.state != State.FAILS:
            holding.append((version.first, version.last))
        elif not _answered(each, [days for days in holding if days[0] <= version.last and days[1] >= version.first]):
            found.append(each)
    return found


def _answered(failing: Standing, newer: list[Days]) -> bool:
    if all(key == _WATCHED for key, verdict in failing.verdicts.items() if verdict.result == Result.FAILS):
        return bool(newer)
    return untold((failing.version.first, failing.version.last), newer) is None
