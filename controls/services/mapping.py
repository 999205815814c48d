"""Mapping controls to the requirements that they meet."""

from __future__ import annotations

from django.db import transaction

from compliance.frameworks.models import Requirement
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import control_changed
from ..models import Control, Mapping


@transaction.atomic
def map_control(*, actor: Actor, control: Control, requirement: Requirement, part: str = "") -> Mapping:
    """Say that a control meets a requirement, or the named part of it. Mapping it again replaces the part."""
    part = part.strip()[:300]
    mapping, made = Mapping.objects.select_for_update(of=("self",)).get_or_create(
        control=control, requirement=requirement,
        defaults={"part": part, "framework_owner_id": requirement.organization_id},
    )  # fmt: skip
    if made:
        record(
            actor=actor,
            action="controls.control.mapped",
            target=control,
            after={"requirement": requirement.ref, "part": part},
        )
    elif mapping.part != part:
        before, mapping.part = {"requirement": requirement.ref, "part": mapping.part}, part
        mapping.save(update_fields=["part"])
        after = {"requirement": requirement.ref, "part": part}
        record(actor=actor, action="controls.control.mapped", target=control, before=before, after=after)
    else:
        return mapping
    announce(control_changed, control_id=control.pk)
    return mapping


@transaction.atomic
def unmap_control(*, actor: Actor, mapping: Mapping) -> None:
    """A control no longer counts for a requirement; both stay."""
    control, requirement, part = mapping.control, mapping.requirement, mapping.part
    removed, _ = Mapping.objects.filter(pk=mapping.pk).delete()
    if removed:
        before = {"requirement": requirement.ref, "part": part}
        record(actor=actor, action="controls.control.unmapped", target=control, before=before)
        announce(control_changed, control_id=control.pk)
