"""Rows of frozen lists that do not show what they should: one gap for each claim of a population, an occurrence for each row.

What happened cannot be made not to have happened: such a gap stands for as long as a period under way holds a day of the list,
until the same days are frozen anew and the rows show it. What a check judges and raises already is not raised twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from compliance.programmes.selectors import open_programmes, periods_of, share_a_day
from compliance.web.words import day
from evidence.collectors.models import Connection
from evidence.populations.claims import named_in
from evidence.populations.deviating import Rule
from evidence.populations.models import PopulationControl, PopulationVersion
from evidence.populations.standing import Standing

from .causes import Found
from .standing_cause import Wanted

ROWS = "population.deviation"


def causes_of_rows() -> Iterator[Wanted]:
    """Each claim of a population that rows of it deny. Four queries at most."""
    versions = _standing()
    found: dict[tuple[str, str], list[_Denied]] = defaultdict(list)
    vendors = dict(Connection.objects.values_list("slug", "vendor")) if versions else {}
    for version in versions:
        for rule, kept in named_in(version.deviations):
            rows = {id[:400]: said for source, id, said in kept["named"] if not _judged(rule, version, vendors.get(source, ""))}
            if rows:
                count = len(rows) if rule.judged_by and version.collected else kept["count"]
                found[version.population.ref, rule.key].append(_Denied(rule, version, rows, count))
    serves = controls_served([version.population_id for version in versions]) if found else {}
    for (ref, key), denied in found.items():
        yield _wanted(f"{ref} {key}", denied, serves.get(denied[0].version.population_id, []))


def controls_served(populations: list[UUID]) -> dict[UUID, list[UUID]]:
    """By population, the controls that sample from it, by reference; which of them a cause bears on, `Bearing` knows."""
    serves: dict[UUID, list[UUID]] = defaultdict(list)
    rows = PopulationControl.objects.filter(population__in=populations)
    for population_id, control_id in rows.order_by("control__ref").values_list("population_id", "control_id"):
        serves[population_id].append(control_id)
    return serves


@dataclass(frozen=True)
class _Denied:
    """A claim that rows of one version deny: the first of them by name, and how many in all."""

    rule: Rule
    version: PopulationVersion
    rows: dict[str, str]
    count: int


def _standing() -> list[PopulationVersion]:
    """The versions that share a day with a period under way and that no later version of the same days replaces."""
    periods = periods_of(open_programmes())
    spans = PopulationVersion.objects.order_by("population_id", "-number").values_list("pk", "population_id", "first", "last")
    later: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    standing = []
    for pk, population_id, first, last in spans:
        replaced = any(begins <= first and last <= ends for begins, ends in later[population_id])
        later[population_id].append((first, last))
        if not replaced and share_a_day(first, last, periods):
            standing.append(pk)
    found = PopulationVersion.objects.filter(pk__in=standing).exclude(deviations=[]) if standing else PopulationVersion.objects.none()
    return list(found.select_related("population").defer("places", "excluded", "holes", "query").order_by("population__ref", "number"))


def _judged(rule: Rule, version: PopulationVersion, vendor: str) -> bool:
    return version.collected and vendor in rule.judged_by


def _wanted(subject: str, denied: list[_Denied], controls: list[UUID]) -> Wanted:
    newest = denied[-1]
    version, claim = newest.version, newest.rule.claim
    resources: dict[str, str] = {}
    for each in denied:
        resources |= each.rows
    number, rows = sum(each.count for each in denied), sum(each.version.row_count for each in denied)
    first = next(iter(newest.rows.items()))
    return Wanted(
        rule=ROWS, subject=subject, found=Found.DEVIATION,
        title=f"{version.population.name}: “{claim[:-1]}” does not hold of {number} row{'' if number == 1 else 's'}"[:300],
        cause=f"Of {rows} rows of {version.population}, {day(version.first)} to {day(version.last)}, {number} do not show what each "
        f"should: {claim} {first[0]}: {first[1]}",
        remedy="Find out what happened with each row and record it, put right what made it possible, and look for more of the "
        "same. Where the list is wrong, correct it at its source and freeze the same days again.",
        facts_at=max(each.version.frozen_at for each in denied), since=min(each.version.frozen_at for each in denied),
        began=min(each.version.first for each in denied),
        resources=resources, control_ids=controls, population=rows, share=min(1.0, number / rows) if rows else 0.0,
    )  # fmt: skip


def proof_of(newest: Standing | None) -> str:
    """Why a claim is not denied any more: the rows of the same days show it now, or their period is over."""
    held = f"; the newest is version {newest.version.number}, frozen on {day(newest.version.frozen_at.date())}" if newest else ""
    return f"No list of a period under way denies it any more{held}. What an earlier period denied stays an exception of that period."
