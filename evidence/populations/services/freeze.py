"""Freezing a population: its rows become a stored version of evidence that nobody can change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.months import months_after
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import OF_POPULATION, Artefact, Source, Version
from evidence.services.receive import add_artefact, receive_version

from ..catalogue import Template
from ..checklist import Frozen, told_by_facts
from ..claims import rules_of
from ..deviating import deviations
from ..items import Item, differences, distinct, repeated, written
from ..limits import Limit, in_force, limits_of
from ..measuring import outside, unread_cells
from ..models import Mismatch, Population, PopulationVersion
from ..reconciling import Unequal
from ..selectors import each_row, population_versions
from ..sources import Ask, Built, SourceUnreadable, source_of
from ..spans import Hole, Period
from .follow import follow

MEDIA_TYPE = "application/x-ndjson"


def freeze_from_source(
    *, actor: Actor, population: Population, first: date, last: date, zone: str, by: Membership | None = None
) -> PopulationVersion:
    """Draw a population from its source for whole days of a period, and freeze it.

    Raises ValidationError for a period that is not over, and where the source cannot be drawn from.
    """
    source = source_of(population.source)
    if source is None:
        raise ValidationError("Nothing draws this population any more. Choose another source, or bring its rows as a file.")
    period = period_of(first, last, zone)
    slug = population.connection.slug if population.connection else ""
    try:
        built = source.build(Ask(period, slug, in_force(population, limits_of(population))))
    except SourceUnreadable as error:
        raise ValidationError(str(error)) from None
    return freeze(actor=actor, population=population, built=built, period=period, by=by)


def period_of(first: date, last: date, zone: str) -> Period:
    """The period, once it is over. Raises ValidationError."""
    if last < first:
        raise ValidationError({"last": "It ends before it starts."})
    if last > today(zone):
        raise ValidationError({"last": "A list cannot be frozen for days that have not come."})
    return Period(first, last, ZoneInfo(zone))


@transaction.atomic
def freeze(
    *, actor: Actor, population: Population, built: Built, period: Period, raw: Version | None = None,
    by: Membership | None = None,
) -> PopulationVersion:  # fmt: skip
    """Store what was built as the next version. What facts can tell of its completeness is settled with it."""
    population = Population.objects.select_for_update(of=("self",)).get(pk=population.pk)
    template = population.kind
    if template is None:
        raise ValidationError("The template of this population is gone.")
    items, repeats = distinct(built.items)
    told = _measure(items, repeats, built, template, period)
    limits = limits_of(population)
    places: list[int] = []
    stored = _store(actor, population, built, period, items, places, by)
    version = PopulationVersion.objects.create(
        population=population, number=population.latest_number + 1, rows=stored, raw=raw, first=period.first,
        last=period.last, zone=str(period.zone), system=built.system[:300], query=built.query,
        parameters=_parameters(built, repeats, limits), extractor=built.extractor[:500],
        drawn_at=built.drawn_at, frozen_at=now(), frozen_by=actor.label[:254], collected=built.collected, row_count=len(items),
        counted=told.counted, total=told.total, basis=told.basis[:200], covers=built.covers,
        complete_from=built.reach.starts, complete_to=built.reach.ends, holes=[_hole(each) for each in built.reach.holes],
        excluded=[asdict(each) for each in built.excluded], unread=told.unread, reconciled=bool(template.reconcile and built.collected),
        mismatches=len(built.unequal), facts={key: {"result": each.result, "note": each.note} for key, each in told_by_facts(told).items()},
        places=places, deviations=_deviating(in_force(population, limits), template, built, items, period), **_counts(population, items),
    )  # fmt: skip
    _keep_mismatches(version, built.unequal)
    population.latest_number = version.number
    if population.next_due is not None:
        population.next_due = months_after(period.last + timedelta(days=1), population.months)
    record(
        actor=actor, action="populations.version.frozen", target=population, label=str(version),
        after={
            "number": version.number, "rows": version.row_count, "sha256": stored.sha256, "first": period.first, "last": period.last,
        },
    )  # fmt: skip
    follow(actor=actor, population=population)
    return version


def _measure(items: Sequence[Item], repeats: int, built: Built, template: Template, period: Period) -> Frozen:
    counted = built.counted if built.counted is not None else len(items) + len(built.excluded)
    return Frozen(
        collected=built.collected, rows=len(items), counted=counted, total=built.total, basis=built.basis, reach=built.reach,
        covers=built.covers, unread=unread_cells(items, template), twice=len(repeated(items)),
        outside=outside(items, template, period), unexplained=sum(1 for each in built.excluded if not each.reason.strip()),
    )  # fmt: skip


def _parameters(built: Built, repeats: int, limits: Sequence[Limit]) -> dict[str, Any]:
    """All that the rows and what is told of them depend on; the limits with who said so on the day."""
    more: dict[str, Any] = {"repeated": repeats} if repeats else {}
    if limits:
        more["limits"] = [each.kept() for each in limits]
    return {**built.parameters, **more}


def _deviating(
    settings: Mapping[str, Any], template: Template, built: Built, items: Sequence[Item], period: Period
) -> list[dict[str, Any]]:
    found = deviations(items, rules_of(template.key), collected=built.collected, last=period.last, settings=settings)
    return [each.kept() for each in found]


def _store(
    actor: Actor, population: Population, built: Built, period: Period, items: Sequence[Item], places: list[int],
    by: Membership | None,
) -> Version:  # fmt: skip
    return receive_version(
        actor=actor, artefact=_artefact(actor, population), content=written(items, places), media_type=MEDIA_TYPE,
        filename=f"{population.ref.lower()}-{period.first}-{period.last}.jsonl", effective_start=period.starts,
        effective_end=min(period.ends, now()), provided_by=by,
        provenance={
            "collector": f"population.{population.template}", "collector_version": 1, "connection": built.system,
            "run": f"{population.ref} version {population.latest_number + 1}",
            "identity": built.extractor, "rows": len(items), "calls": len(built.query.splitlines()), "call": built.query,
            "parameters": {"first": period.first.isoformat(), "last": period.last.isoformat(), "zone": str(period.zone)},
            "drawn_at": built.drawn_at.isoformat(),
        },
    )  # fmt: skip


def _artefact(actor: Actor, population: Population) -> Artefact:
    """The artefact of a population's rows. They are made by Fieldwork, from facts or from a file that is kept beside."""
    key = f"{OF_POPULATION}{population.pk}"
    found = Artefact.objects.filter(collected_key=key).first()
    return found or add_artefact(actor=actor, title=f"Population {population}", source=Source.COLLECTOR, collected_key=key)


def _counts(population: Population, items: Sequence[Item]) -> dict[str, int]:
    """How many items were added, removed and changed against the version before; nothing for the first."""
    earlier = population_versions().filter(population=population, number=population.latest_number).first()
    if earlier is None:
        return {}
    counts = {"added": 0, "removed": 0, "changed": 0}
    for each in differences(each_row(earlier), iter(items)):
        counts[each.kind] += 1
    return counts


def _hole(hole: Hole) -> dict[str, Any]:
    return {"from": hole.starts.isoformat(), "to": hole.ends.isoformat(), "why": hole.why}


def _keep_mismatches(version: PopulationVersion, unequal: Sequence[Unequal]) -> None:
    rows = iter(
        Mismatch(
            version=version, kind=each.kind, system=each.system[:120], subject=each.subject[:254], detail=each.detail,
            explained=each.explained[:300],
        )
        for each in unequal
    )
    while batch := list(islice(rows, 500)):
        Mismatch.objects.bulk_create(batch)
