"""CUECs of our own: what our report takes our customers to do (DC 6)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.bearing import bear_on
from compliance.frameworks.models import Requirement
from compliance.tenancy.clock import today
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import OwnUserEntityControl, OwnUserEntityControlRequirement
from .writing import add, change


@transaction.atomic
def add_own_cuec(*, actor: Actor, text: str, requirements: Sequence[Requirement]) -> OwnUserEntityControl:
    """What a customer has to do, and the criteria that are met only with it. Raises ValidationError."""
    _needed(text, requirements)
    own = OwnUserEntityControl(ref=next_reference("CUEC"), text=text.strip())
    after = {"text": own.text, "bears_on": [each.ref for each in requirements]}
    add(own, actor=actor, action="parties.own_cuec.added", party=None, after=after)
    bear_on(OwnUserEntityControlRequirement, requirements, own=own)
    return own


@transaction.atomic
def change_own_cuec(
    *, actor: Actor, own: OwnUserEntityControl, text: str, requirements: Sequence[Requirement]
) -> OwnUserEntityControl:
    """Word it anew, or let it bear on other criteria."""
    _needed(text, requirements)
    was = {"text": own.text, "bears_on": [each.requirement.ref for each in own.bears_on.select_related("requirement")]}
    now = {"text": text.strip(), "bears_on": [each.ref for each in requirements]}
    if was == now:
        return own
    own.text = now["text"]  # type: ignore[assignment]
    own.save(update_fields=["text"])
    own.bears_on.all().delete()
    bear_on(OwnUserEntityControlRequirement, requirements, own=own)
    record(actor=actor, action="parties.own_cuec.changed", target=own, before=was, after=now)
    return own


@transaction.atomic
def withdraw_own_cuec(*, actor: Actor, own: OwnUserEntityControl) -> OwnUserEntityControl:
    """Customers need no longer do it. It stays on record with the day."""
    if own.withdrawn_on is None:
        fields = {"withdrawn_on": today(here().timezone)}
        change(own, actor=actor, action="parties.own_cuec.withdrawn", party=None, fields=fields)
    return own


def _needed(text: str, requirements: Sequence[Requirement]) -> None:
    if not text.strip():
        raise ValidationError({"text": "Say what a customer has to do."})
    if not requirements:
        raise ValidationError({"requirements": "Choose the criteria that are met only with it."})
