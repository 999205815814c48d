"""Brings the shipped catalogues and the crosswalk into the database, under the reserved organisation.

Ids are derived from framework, version and ref, so a second run finds its own rows: what is equal stays untouched,
what a release has reworded is corrected in place, a new version stands beside the old one. A row that a release no
longer lists stays, since controls may be mapped to it. Other organisations' frameworks are never touched.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, models

from compliance.frameworks import catalogue, crosswalk
from compliance.frameworks.models import Crosswalk, Framework, Requirement
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.services import record

_ATTRIBUTES = ("applicability", "retention", "superseded_by", "superseded_on", "ref_2019", "iso27001_ref")
_BATCH = 500


@dataclass(frozen=True)
class Loaded:
    """What a run did, in rows. `unlisted` are in the database and no longer in the catalogue of their version."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    unlisted: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


def load_catalogues(
    *,
    actor: Actor = SYSTEM,
    catalogues: Sequence[catalogue.Catalogue] | None = None,
    relations: crosswalk.Crosswalk | None = None,
) -> Loaded:
    """Load what is shipped, or the catalogues and relations given. Idempotent; all or nothing.

    Raises CatalogueError where a file is not sound: then nothing is changed.
    """
    if catalogues is None:
        catalogues = catalogue.shipped()
        relations = crosswalk.read_crosswalk(catalogues)
    with scope(NIL):
        with connection.cursor() as cursor:  # two processes that start together take turns
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('frameworks.load_catalogues'))")
        loaded = _load_frameworks(catalogues) + _load_requirements(catalogues)
        if relations is not None:
            loaded += _load_crosswalk(relations, catalogues)
        if loaded.created or loaded.updated or loaded.deleted:
            reserved = Organization.objects.get(pk=NIL)
            record(actor=actor, action="frameworks.catalogues.loaded", target=reserved, after=asdict(loaded))
    return loaded


def _framework_id(one: catalogue.Catalogue) -> uuid.UUID:
    return catalogue.framework_id(one.id, one.version)


def _load_frameworks(catalogues: Sequence[catalogue.Catalogue]) -> Loaded:
    return _reconcile(Framework, [_framework(one) for one in catalogues])


def _framework(of: catalogue.Catalogue) -> Framework:
    return Framework(
        id=_framework_id(of),
        key=of.id,
        version=of.version,
        title=of.title,
        short_title=of.short_title,
        publisher=of.publisher,
        licence_note=of.licence_note,
        levels=list(of.levels),
        all_clauses_loaded=of.complete,
    )


def _load_requirements(catalogues: Sequence[catalogue.Catalogue]) -> Loaded:
    rows = [_requirement(one, row) for one in catalogues for row in one.requirements]
    listed = {row.pk for row in rows}
    loaded = _reconcile(Requirement, rows)
    there = Requirement.objects.filter(framework_id__in=[_framework_id(one) for one in catalogues], organization_id=NIL)
    return loaded + Loaded(unlisted=there.exclude(pk__in=listed).count())


def _requirement(of: catalogue.Catalogue, row: catalogue.Requirement) -> Requirement:
    frequency = {key: value for key, value in asdict(row.frequency).items() if value} if row.frequency else {}
    return Requirement(
        id=catalogue.requirement_id(of.id, of.version, row.ref),
        framework_id=_framework_id(of),
        ref=row.ref,
        parent_id=catalogue.requirement_id(of.id, of.version, row.parent) if row.parent else None,
        position=row.position,
        level=row.level,
        assessable=row.assessable,
        title=row.title,
        text=row.text,
        category=row.category,
        series=row.series,
        theme=row.theme,
        frequency=frequency,
        attributes={name: value for name in _ATTRIBUTES if (value := getattr(row, name))},
    )


def _load_crosswalk(relations: crosswalk.Crosswalk, catalogues: Sequence[catalogue.Catalogue]) -> Loaded:
    versions = {one.id: one.version for one in catalogues}
    rows = []
    for row in relations.rows:
        source, target = (catalogue.requirement_id(key, versions[key], ref) for key, ref in row.ends)
        rows.append(
            Crosswalk(
                id=uuid.uuid5(catalogue.NAMESPACE, f"crosswalk\n{source}\n{target}"),
                source_id=source,
                target_id=target,
                relation=row.relation.value,
                confidence=row.confidence.value,
                sources=list(row.source),
            )
        )
    # Nothing refers to a relation, so one that is withdrawn goes; those of other versions stay.
    frameworks = [_framework_id(one) for one in catalogues]
    between = Crosswalk.objects.filter(
        organization_id=NIL, source__framework_id__in=frameworks, target__framework_id__in=frameworks
    )
    withdrawn = set(between.values_list("pk", flat=True)) - {row.pk for row in rows}
    deleted, _ = Crosswalk.objects.filter(pk__in=withdrawn).delete() if withdrawn else (0, {})
    return _reconcile(Crosswalk, rows) + Loaded(deleted=deleted)


def _reconcile(model: type[models.Model], rows: Iterable[models.Model]) -> Loaded:
    """Create what is not there, correct what differs, leave the rest: two writes and one read, however many rows."""
    wanted = {row.pk: row for row in rows}
    fields = model._meta.local_concrete_fields
    names = [field.attname for field in fields if field.name not in ("id", "organization", "loaded_at")]
    there = model._default_manager.filter(organization_id=NIL, pk__in=list(wanted)).in_bulk()
    new = [row for pk, row in wanted.items() if pk not in there]
    changed = [row for pk, row in wanted.items() if pk in there and _values(row, names) != _values(there[pk], names)]
    model._default_manager.bulk_create(new, batch_size=_BATCH)
    model._default_manager.bulk_update(changed, names, batch_size=_BATCH)
    return Loaded(created=len(new), updated=len(changed), unchanged=len(wanted) - len(new) - len(changed))


def _values(row: models.Model, names: list[str]) -> list[Any]:
    return [getattr(row, name) for name in names]
