"""A control changes hands: what its former owner had to show for it goes to the new one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control

from ..models import EvidenceRequirement


@transaction.atomic
def hand_over_requirements(*, actor: Actor, control: Control, former_owner_id: UUID) -> int:
    """Give the requirements of a control that its former owner held to the present one; returns how many.

    What somebody else was named for stays theirs.
    """
    held = EvidenceRequirement.objects.filter(control=control, owner_id=former_owner_id).exclude(
        owner_id=control.owner_id
    )
    refs = list(held.order_by("ref").values_list("ref", flat=True))
    if refs:
        held.update(owner_id=control.owner_id)
        to = control.owner.name if control.owner else None
        record(
            actor=actor, action="evidence.requirement.handed_over", target=control,
            after={"requirements": refs, "owner": to},
        )  # fmt: skip
    return len(refs)
