"""The same change to many controls: shown first, then made as it was shown, all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.trail.actors import Actor
from compliance.trail.services import changes

from ..models import Control, Implementation
from .change import ChangedMeanwhileError, change_control, fingerprint

#: Each control is changed by itself, with its own entry in the trail: more at once would let a person wait too long.
MOST = 500


@dataclass(frozen=True)
class Intended:
    """A control, and what would become of it: (field, before, after) of what differs, or why it cannot be changed."""

    control: Control
    differing: tuple[tuple[str, Any, Any], ...] = ()
    refusal: str = ""
    concludes_anew: bool = False


@dataclass
class Plan:
    """What a change of many would do. `seen` is the same for the same controls as they stand: what was looked at."""

    changed: list[Intended] = field(default_factory=list)
    refused: list[Intended] = field(default_factory=list)
    same: list[Control] = field(default_factory=list)
    seen: str = ""


def plan_many(controls: Sequence[Control], new: Mapping[str, Any]) -> Plan:
    """What the change would do to each; writes nothing."""
    plan = Plan()
    for control in controls:
        before, after = changes(control, new)
        if control.implementation == Implementation.RETIRED:
            plan.refused.append(Intended(control, refusal="It is retired. Take it up again first."))
        elif after:
            differing = tuple((name, before[name], value) for name, value in after.items())
            plan.changed.append(Intended(control, differing, concludes_anew="frequency" in after and bool(control.design_at)))
        else:
            plan.same.append(control)
    told = [(str(control.pk), fingerprint(control)) for control in controls]
    plan.seen = hashlib.sha256(repr(sorted(told)).encode()).hexdigest()
    return plan


@transaction.atomic
def change_many(*, actor: Actor, controls: Sequence[Control], seen: str, **new: Any) -> Plan:
    """Change each control that can be changed, as `plan_many` showed it; each has its own entry in the trail.

    Raises ChangedMeanwhileError where one of them is not as it was looked at (`Plan.seen`), ValidationError where one is
    refused: then nothing is written.
    """
    if len(controls) > MOST:
        raise ValidationError(f"At most {MOST} controls are changed at once.")
    keys = [each.pk for each in controls]
    locked = Control.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("owner").order_by("pk")
    plan = plan_many(list(locked), new)
    if plan.seen != seen:
        raise ChangedMeanwhileError("Some of these controls have changed since you looked. Nothing was written.")
    for each in plan.changed:
        try:
            change_control(actor=actor, control=each.control, **new)
        except ValidationError as error:
            raise ValidationError(f"{each.control.ref}: {' '.join(error.messages)}") from error
    return plan
