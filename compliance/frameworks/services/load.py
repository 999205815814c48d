"""Loading a library that was read: frameworks, relations and suggested controls, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.ids import uuid7
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..difference import Difference, Line, difference
from ..intake.library import Edition, Library, SuggestedControl
from ..models import Framework, PointOfFocus, Requirement
from ..models import SuggestedControl as Suggested
from ..selectors import lines_of, own_version, predecessor
from ..succession import carry_over
from .relate import Related, relate, take_over_relations

_BATCH = 1_000


@dataclass
class Loaded:
    """What a load did. `differences` are of the frameworks that took the place of an earlier version."""

    frameworks: list[Framework] = field(default_factory=list)
    unchanged: list[Framework] = field(default_factory=list)
    relations: list[Related] = field(default_factory=list)
    suggested: int = 0


@transaction.atomic
def load_library(*, actor: Actor, library: Library, follows: Framework | None = None) -> Loaded:
    """Load a library into the room. A framework that is there as it is stays untouched.

    `follows` is the version whose place the library's one framework takes; without it that is the latest of the same key
    or publisher's id in the room. Raises ValidationError for a library with faults, and for a version that is there with
    another content: a version, once assessed against, does not change.
    """
    if library.faults:
        raise ValidationError([str(fault) for fault in library.faults])
    loaded = Loaded()
    for edition in library.editions:
        there = own_version(edition.key, edition.version)
        if there is not None:
            if not compare(there, edition).is_empty:
                raise ValidationError(other_content(there))
            loaded.unchanged.append(there)
            continue
        loaded.frameworks.append(
            _load_edition(actor, edition, follows or predecessor(edition.key, edition.external_id))
        )
    loaded.suggested = _suggest(library.suggested)
    loaded.relations = [relate(actor=actor, pairs=found) for found in library.pair_sets]
    return loaded


def other_content(framework: Framework) -> str:
    """Why a version cannot be loaded over itself."""
    return (
        f"{framework.short_title}, version {framework.version}, is loaded already and says something else. "
        "Give this one a version of its own: what was assessed against the other stays with it."
    )


def compare(before: Framework, edition: Edition) -> Difference:
    """What an edition changes of a framework that is loaded."""
    return difference(lines_of(before), lines_as_read(edition))


def lines_as_read(edition: Edition) -> Iterable[Line]:
    """An edition's entries as they are compared."""
    return [Line(each.ref, each.title, each.text, each.parent or "", each.assessable) for each in edition.entries]


def _load_edition(actor: Actor, edition: Edition, before: Framework | None) -> Framework:
    framework = Framework(
        key=edition.key, version=edition.version, title=edition.title, short_title=edition.short_title,
        publisher=edition.publisher, licence_note=edition.licence_note, all_clauses_loaded=edition.complete,
        external_id=edition.external_id[:400], levels=list(dict.fromkeys(each.level for each in edition.entries)),
        follows=before.pk if before else None, loaded_at=now(),
    )  # fmt: skip
    framework.save(force_insert=True)
    rows = _insert(framework, edition)
    if before is not None:
        _follow(actor, before, framework, edition, rows)
    after = {
        "framework": framework.key, "version": framework.version, "requirements": len(rows),
        "assessable": edition.assessable,
    } | ({"follows": before.version} if before else {})  # fmt: skip
    record(actor=actor, action="frameworks.framework.imported", target=framework, after=after)
    return framework


def _insert(framework: Framework, edition: Edition) -> dict[str, Requirement]:
    """All rows in a few statements; parents come before children, so ids are known when they are needed."""
    ids = {entry.ref: uuid7() for entry in edition.entries}
    rows = {
        entry.ref: Requirement(
            id=ids[entry.ref], framework=framework, ref=entry.ref, parent_id=ids[entry.parent] if entry.parent else None,
            position=position, level=entry.level, assessable=entry.assessable, title=entry.title, text=entry.text,
            category=entry.category, series=entry.series, theme=entry.theme, external_id=entry.external_id,
            frequency=dict(entry.frequency), attributes=dict(entry.attributes),
        )
        for position, entry in enumerate(edition.entries)
    }  # fmt: skip
    Requirement.objects.bulk_create(rows.values(), batch_size=_BATCH)
    points = [
        PointOfFocus(requirement=rows[entry.ref], ref=point.ref[:200], text=point.text)
        for entry in edition.entries
        for point in entry.points
    ]
    PointOfFocus.objects.bulk_create(points, batch_size=_BATCH)
    return rows


def _follow(
    actor: Actor, before: Framework, after: Framework, edition: Edition, rows: Mapping[str, Requirement]
) -> None:
    """Say what differs, and let what stands on the earlier version carry over to requirements of the same ref."""
    old = dict(Requirement.objects.filter(framework=before).values_list("pk", "ref"))
    successors: dict[UUID, Requirement] = {pk: rows[ref] for pk, ref in old.items() if ref in rows}
    found: dict[str, Any] = compare(before, edition).stored()
    found["carried"] = [
        {"noun": "relations of the crosswalk", "number": take_over_relations(before, successors), "left": []},
        *carry_over(actor, before, after, successors),
    ]
    after.difference = found
    after.save(update_fields=["difference"])


def _suggest(suggested: list[SuggestedControl]) -> int:
    wanted = {each.external_id: each for each in suggested}
    there = {row.external_id: row for row in Suggested.objects.filter(external_id__in=list(wanted))}
    names = ("ref", "title", "text", "category")
    new = [
        Suggested(external_id=id, **{n: getattr(each, n) for n in names})
        for id, each in wanted.items()
        if id not in there
    ]
    for id, row in there.items():
        for name in names:
            setattr(row, name, getattr(wanted[id], name))
    Suggested.objects.bulk_create(new, batch_size=_BATCH)
    Suggested.objects.bulk_update(there.values(), names, batch_size=_BATCH)
    return len(wanted)
