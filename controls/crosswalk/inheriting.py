"""What of controls carries over when a new version of a framework takes the place of an old one."""

from __future__ import annotations

from collections.abc import Mapping as Values
from uuid import UUID

from compliance.frameworks.models import Framework, Requirement
from compliance.frameworks.succession import Carried
from compliance.programmes.models import Programme
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Mapping
from .models import Dismissal


def carry_mappings_over(
    actor: Actor, before: Framework, after: Framework, successors: Values[UUID, Requirement]
) -> Carried:
    """Mappings of the old version's requirements, with their parts, for the requirements of the same ref. Both stay."""
    old = list(Mapping.objects.filter(requirement__framework=before).select_related("control", "requirement"))
    rows = [
        Mapping(control=each.control, part=each.part, **_end(successors[each.requirement_id]))
        for each in old
        if each.requirement_id in successors
    ]
    Mapping.objects.bulk_create(rows, batch_size=500)
    _carry_dismissals(before, successors)
    if rows:
        told = {"mappings": len(rows), "from": before.version, "to": after.version}
        record(actor=actor, action="controls.mappings.carried_over", target=after, after=told)
    left = [
        f"{each.control.ref} is mapped to {each.requirement.ref}, which was withdrawn."
        for each in old
        if each.requirement_id not in successors
    ]
    return Carried("mappings of controls", len(rows), left)


def _carry_dismissals(before: Framework, successors: Values[UUID, Requirement]) -> None:
    old = Dismissal.objects.filter(requirement__framework=before, requirement_id__in=list(successors))
    Dismissal.objects.bulk_create(
        Dismissal(
            control_id=each.control_id, reason=each.reason, dismissed_by=each.dismissed_by,
            dismissed_at=each.dismissed_at, **_end(successors[each.requirement_id]),
        )
        for each in old
    )  # fmt: skip


def _end(requirement: Requirement) -> dict[str, object]:
    return {"requirement": requirement, "framework_owner_id": requirement.organization_id}


def name_programmes_left(
    actor: Actor, before: Framework, after: Framework, successors: Values[UUID, Requirement]
) -> Carried:
    """Programmes stay with the version that they were begun against: an audit speaks of one edition."""
    found = Programme.objects.filter(framework_id=before.pk, closed_at__isnull=True)
    return Carried("programmes", 0, [f"{each.name} is measured against version {before.version}." for each in found])
