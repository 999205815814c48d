"""Naming owners, days and states for many controls at once: one press for what would be ninety forms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.news import announce
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record, changes

from ..events import control_changed
from ..models import Control, Implementation
from .change import told
from .keeping import keep_versions, stated
from .undoing import UNDONE, undo_what_the_owner_said

#: What may be set for many at once: nothing that somebody concluded on.
ASSIGNABLE = ("owner", "starts_on", "implementation")


@transaction.atomic
def assign_controls(*, actor: Actor, controls: Collection[UUID], reason: str = "", **new: Any) -> list[Control]:
    """Set fields of `ASSIGNABLE` on controls, by id; retired ones and those that state it already are passed over.

    Returns those that changed, each with its own version, trail entry and news. Raises ValidationError by field.
    """
    unknown = sorted(set(new) - set(ASSIGNABLE))
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, "This cannot be set for many at once."))
    owner = new.get("owner")
    if owner is not None and not owner.is_active:
        raise ValidationError({"owner": f"{owner} has left. Name somebody who is here."})
    if new.get("implementation") == Implementation.RETIRED:
        raise ValidationError({"implementation": "Retiring a control needs a reason of its own."})
    found = Control.objects.select_for_update(of=("self",)).select_related("owner").filter(pk__in=controls)
    differing = [
        (each, stated(each), each.owner_id, *changes(each, new))
        for each in found.exclude(implementation=Implementation.RETIRED).order_by("ref")
    ]
    changed = [row for row in differing if row[4]]
    for control, _, _, before, after in changed:
        for name, value in after.items():
            setattr(control, name, value)
        if "owner" in after:
            undo_what_the_owner_said(control, before, after)
    rows = [control for control, *_ in changed]
    if rows:
        update_rows(rows, [*new, *(UNDONE if "owner" in new else ())])
        keep_versions(
            actor=actor, controls=rows, before={control.pk: before for control, before, *_ in changed}, reason=reason.strip()
        )
        bulk_record(
            actor=actor, action="controls.control.changed",
            rows=[(control, told(before), told(after)) for control, _, _, before, after in changed],
        )  # fmt: skip
    for control, _, former_id, _, after in changed:
        former = {"former_owner_id": former_id} if "owner" in after and former_id else {}
        announce(control_changed, control_id=control.pk, **former)
    return rows
