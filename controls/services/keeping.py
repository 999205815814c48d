"""Keeping what controls state: a version for each change, in the transaction of the service that makes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor

from ..models import Control, ControlService, ControlSystem, ControlVersion

#: What a version holds of the control's own columns; the owner, systems and services come beside them.
STATED = (
    "title", "statement", "area", "owner_role", "frequency", "nature", "kind", "key", "tested_by_sample", "population",
    "test_procedures", "implementation",
)  # fmt: skip
Named = list[dict[str, str]]
Stated = dict[str, Any]


def stated(control: Control, systems: Named | None = None, services: Named | None = None) -> Stated:
    """What a control states now, as it can be kept. Who and what it names stand there by id and name, whatever becomes
    of them."""
    values: Stated = {name: getattr(control, name) for name in STATED}
    values["owner"] = {"id": str(control.owner.pk), "name": control.owner.name} if control.owner else None
    values["starts_on"] = control.starts_on.isoformat() if control.starts_on else None
    return values | {"systems": systems or [], "services": services or []}


def keep_versions(
    *, actor: Actor, controls: Sequence[Control], before: Mapping[UUID, Stated] | None = None, reason: str = ""
) -> list[ControlVersion]:
    """Keep what controls state from now on, where it differs from what is kept. Four queries, however many they are.

    `before` is what they stated until now: of one that no version is kept of yet it becomes the first, from the moment
    on which the control was made. The caller holds the rows' locks.
    """
    newest = newest_versions(controls)
    systems, services = _systems_of(controls), _services_of(controls)
    made: list[ControlVersion] = []
    for control in controls:
        held, present = newest.get(control.pk), stated(control, systems[control.pk], services[control.pk])
        if held is None and before is not None and control.pk in before:
            held = _first(control, before[control.pk])
            made.append(held)
        changed = differing(held.stated, present) if held else []
        if held is None or changed:
            made.append(
                ControlVersion(
                    control=control, number=held.number + 1 if held else 1, valid_from=now(), stated=present, changed=changed,
                    reason=reason, made_by=actor.label[:254],
                )
            )
    return ControlVersion.objects.bulk_create(made, batch_size=200)


def newest_versions(controls: Sequence[Control]) -> dict[UUID, ControlVersion]:
    """The version of each control that is in force now, by the control's id."""
    found = ControlVersion.objects.filter(control__in=controls).order_by("control_id", "-number").distinct("control_id")
    return {each.control_id: each for each in found}


def version_to_conclude_on(*, control: Control) -> ControlVersion:
    """The version in force, which a conclusion speaks of; kept first where there is none."""
    held = newest_versions([control]).get(control.pk)
    if held is None:
        held = _first(control, stated(control, _systems_of([control])[control.pk], _services_of([control])[control.pk]))
        held.save()
    return held


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of what two kept statements differ in. A person or thing that was only renamed is the same."""
    return [name for name in after if _identity(before.get(name)) != _identity(after[name])]


def _identity(value: Any) -> Any:
    if isinstance(value, dict) and "id" in value:
        return value["id"]
    return [_identity(each) for each in value] if isinstance(value, list) else value


def _first(control: Control, values: Stated) -> ControlVersion:
    return ControlVersion(
        control=control, number=1, valid_from=control.created_at, stated=values, reason="As it stood when it was first kept."
    )


def _systems_of(controls: Iterable[Control]) -> dict[UUID, Named]:
    links = ControlSystem.objects.filter(control__in=controls).order_by("system__ref")
    return _named(links.values_list("control_id", "system_id", "system__ref", "system__name"))


def _services_of(controls: Iterable[Control]) -> dict[UUID, Named]:
    links = ControlService.objects.filter(control__in=controls).order_by("service__ref")
    return _named(links.values_list("control_id", "service_id", "service__ref", "service__name"))


def _named(rows: Iterable[tuple[UUID, UUID, str, str]]) -> dict[UUID, Named]:
    found: dict[UUID, Named] = defaultdict(list)
    for control_id, pk, ref, name in rows:
        found[control_id].append({"id": str(pk), "ref": ref, "name": name})
    return found
