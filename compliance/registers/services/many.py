"""The bulk editor: the same change to several systems, with one reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.trail.actors import Actor

from ..models import System
from .scope import change_system, decide_many


@transaction.atomic
def change_many(
    *, actor: Actor, systems: Sequence[System], reason: str, decision: str = "", effective_on: date | None = None,
    **fields: Any,
) -> list[System]:
    """Set fields of several systems, or decide on them, or both; each has its own entry in the trail, with the reason.

    Raises ValidationError without a reason or anything to set; then nothing is written.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why. An auditor reads this."})
    if not fields and not decision:
        raise ValidationError("Choose what to set.")
    locked = list(System.objects.select_for_update().filter(pk__in=[each.pk for each in systems]).order_by("id"))
    for system in locked if fields else ():
        change_system(actor=actor, system=system, reason=reason.strip(), **fields)
    if decision:
        decide_many(actor=actor, systems=locked, decision=decision, justification=reason, effective_on=effective_on)
    return locked
