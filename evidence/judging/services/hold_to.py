"""Setting a threshold: what the control states, and who says so."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control
from evidence.checks.base import Check
from evidence.events import checks_changed
from evidence.threshold_values import NotAValueError, valid

from ..models import ThresholdSetting
from ..thresholds import thresholds_of

_LONGEST_REASON = 5_000


@transaction.atomic
def set_threshold(
    *, actor: Actor, member: Membership | None, check: Check, name: str, value: Any, reason: str, control: Control | None = None
) -> ThresholdSetting:
    """Hold the organisation to another threshold from now on; None goes back to the default. Raises ValidationError.

    What was judged before stays as it was judged.
    """
    if name not in check.thresholds:
        raise ValidationError({"name": "The check has no threshold of this name."})
    if not reason.strip() or len(reason) > _LONGEST_REASON:
        raise ValidationError({"reason": "Say where it comes from: the control, the policy and its version."})
    before = next(each for each in thresholds_of(check) if each.name == name)
    try:
        kept = None if value is None else valid(value, check.thresholds[name])
    except NotAValueError as error:
        raise ValidationError({"value": str(error)}) from error
    made = ThresholdSetting.objects.create(
        check_id=check.id, name=name, value=kept, control=control, reason=reason.strip(), set_by=member,
        set_by_name=member.name if member else actor.label[:254],
    )
    record(
        actor=actor, action="judging.threshold.set", target=made, label=f"{check.id}: {name}",
        before={name: before.value}, after={name: before.default if kept is None else kept, "reason": made.reason,
                                            "control": control.ref if control else ""},
    )  # fmt: skip
    announce(checks_changed, check_id=check.id)
    return made
