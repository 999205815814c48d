"""Writing a framework of one's own: its head, its requirements, their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import changes, readable, record

from ..intake.library import Library
from ..intake.words import slug
from ..models import Framework, Requirement
from ..selectors import own_version
from .load import load_library
from .prepare import edition_of

HEAD = ("title", "short_title", "publisher", "licence_note")
EDITABLE = ("ref", "parent", "level", "assessable", "title", "text", "category")


@transaction.atomic
def create_framework(*, actor: Actor, title: str, version: str = "1", short_title: str = "", **fields: Any) -> Framework:
    """Begin a framework. `fields` are others of `HEAD`. Raises ValidationError where its key and version are taken."""
    key = slug(short_title or title)
    if not key:
        raise ValidationError({"title": "Give it a title with letters or digits in it."})
    if own_version(key, version):
        raise ValidationError({"version": f"{key}, version {version}, is there already. Choose another version."})
    framework = Framework(
        key=key, version=version, title=title, short_title=short_title or title[:120], written_here=True,
        loaded_at=now(), **fields,
    )  # fmt: skip
    framework.full_clean(exclude=["organization"])
    framework.save(force_insert=True)
    record(actor=actor, action="frameworks.framework.created", target=framework, after={"key": key, "version": version})
    return framework


@transaction.atomic
def change_framework(*, actor: Actor, framework: Framework, **new: Any) -> Framework:
    """Change what its head says: fields of `HEAD`. Raises ValidationError for a framework of others."""
    framework = _own(framework)
    before, after = changes(framework, {name: value for name, value in new.items() if name in HEAD})
    if after:
        for name, value in after.items():
            setattr(framework, name, value)
        framework.full_clean(exclude=["organization"])
        framework.save()
        record(actor=actor, action="frameworks.framework.changed", target=framework, before=before, after=after)
    return framework


def _own(framework: Framework) -> Framework:
    framework = Framework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
    if not framework.written_here:
        raise ValidationError("This framework is its publisher’s. It changes by importing a new version.")
    return framework


@transaction.atomic
def add_requirement(
    *, actor: Actor, framework: Framework, ref: str, title: str, parent: Requirement | None = None, text: str = "",
    level: str = "", assessable: bool = True, category: str = "",
) -> Requirement:
    """Add a requirement as the last below `parent`, or as the last of all. Raises ValidationError by field."""
    framework = _own(framework)
    row = Requirement(
        framework=framework, ref=ref.strip(), title=title.strip(), text=text.strip() or title.strip(), parent=parent,
        level=level.strip() or ("requirement" if assessable else "group"), assessable=assessable, category=category,
        position=0,
    )  # fmt: skip
    _check(row)
    row.position = (framework.requirements.aggregate(last=Max("position"))["last"] or -1) + 1
    row.save(force_insert=True)
    _settle(framework)
    record(actor=actor, action="frameworks.requirement.added", target=row, after={"ref": row.ref, "title": row.title})
    return row


@transaction.atomic
def change_requirement(*, actor: Actor, requirement: Requirement, **new: Any) -> Requirement:
    """Change fields of `EDITABLE`. Raises ValidationError by field, also where it would stand below itself."""
    framework = _own(requirement.framework)
    before, after = changes(requirement, {name: value for name, value in new.items() if name in EDITABLE})
    if not after:
        return requirement
    for name in after:
        setattr(requirement, name, new[name])
    _check(requirement)
    requirement.save()
    _settle(framework)
    was, told = readable(before), readable(after)
    record(actor=actor, action="frameworks.requirement.changed", target=requirement, before=was, after=told)
    return requirement


def _check(row: Requirement) -> None:
    errors = {}
    if not row.ref:
        errors["ref"] = "Give it a reference."
    if not row.title:
        errors["title"] = "Say in one line what it asks."
    if Requirement.objects.filter(framework=row.framework, ref=row.ref).exclude(pk=row.pk).exists():
        errors["ref"] = f"{row.ref} is taken."
    if row.parent is not None and (row.parent.framework_id != row.framework_id or row.pk in _ancestors(row.parent)):
        errors["parent"] = "It cannot stand there."
    if errors:
        raise ValidationError(errors)
    row.full_clean(exclude=["organization", "framework", "parent", "frequency", "attributes"])


def _ancestors(row: Requirement) -> set[Any]:
    """A row and all above it."""
    parents = dict(Requirement.objects.filter(framework_id=row.framework_id).values_list("pk", "parent_id"))
    found: set[Any] = set()
    at: Any = row.pk
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found


@transaction.atomic
def move_requirement(*, actor: Actor, requirement: Requirement, by: int) -> Requirement:
    """Move a requirement, with all below it, before (-1) or after (+1) the next of those beside it."""
    framework = _own(requirement.framework)
    beside = list(framework.requirements.filter(parent_id=requirement.parent_id).order_by("position"))
    place = next(number for number, row in enumerate(beside) if row.pk == requirement.pk)
    other = place + by
    if not 0 <= other < len(beside):
        return requirement
    beside[place], beside[other] = beside[other], beside[place]
    _settle(framework, {requirement.parent_id: beside})
    after = {"ref": requirement.ref, "moved": "up" if by < 0 else "down"}
    record(actor=actor, action="frameworks.requirement.moved", target=requirement, after=after)
    return requirement


@transaction.atomic
def remove_requirement(*, actor: Actor, requirement: Requirement) -> None:
    """Take a requirement away. Raises ValidationError where others stand below it, or something counts for it."""
    framework = _own(requirement.framework)
    if requirement.children.exists():
        raise ValidationError(f"Others stand below {requirement.ref}. Move or remove them first.")
    try:
        removed = {"ref": requirement.ref, "title": requirement.title, "text": requirement.text}
        record(actor=actor, action="frameworks.requirement.removed", target=requirement, before=removed)
        requirement.delete()
    except ProtectedError:
        raise ValidationError(f"{requirement.ref} stays: controls are mapped to it.") from None
    _settle(framework)


@transaction.atomic
def begin_version(*, actor: Actor, framework: Framework, version: str) -> Framework:
    """A new version of one's own framework, to be edited; what stands on the old one carries over."""
    framework = _own(framework)
    edition = replace(edition_of(framework), version=version.strip())
    if own_version(framework.key, edition.version):
        raise ValidationError({"version": f"Version {edition.version} is there already."})
    [begun] = load_library(actor=actor, library=Library(editions=[edition]), follows=framework).frameworks
    begun.written_here = True
    begun.save(update_fields=["written_here"])
    return begun


def _settle(framework: Framework, ordered: dict[Any, list[Requirement]] | None = None) -> None:
    """Number the rows depth first, siblings in their order; and list the levels that there are."""
    rows = list(framework.requirements.order_by("position", "id"))
    below: dict[Any, list[Requirement]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    below |= ordered or {}
    places: dict[Any, int] = {}
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        places[row.pk] = len(places)
        waiting += reversed(below.get(row.pk, []))
    changed = [row for row in rows if row.position != places[row.pk]]
    for row in changed:
        row.position = places[row.pk]
    Requirement.objects.bulk_update(changed, ["position"], batch_size=1_000)
    levels = list(dict.fromkeys(row.level for row in sorted(rows, key=lambda row: row.position)))
    if levels != framework.levels:
        framework.levels = levels
        framework.save(update_fields=["levels"])
