"""Saying that one control does what another was for while that one does not do it, and that this has ended."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import today
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import control_changed
from ..models import Compensation, Control, Implementation


@transaction.atomic
def compensate_control(*, actor: Actor, control: Control, by: Control, reason: str, starts_on: date) -> Compensation:
    """Say that `by` does what `control` was for, from a day on. Whether it operates is seen from its own evidence.

    Raises ValidationError by field: without a reason, by itself, by a retired control, a second time, from a day to come.
    """
    pair = {each.pk: each for each in Control.objects.select_for_update().filter(pk__in=[control.pk, by.pk]).order_by("pk")}
    wrong: dict[str, str] = {}
    if control.pk == by.pk:
        wrong["by"] = "A control cannot stand in for itself. Name another."
    elif pair[by.pk].implementation == Implementation.RETIRED:
        wrong["by"] = f"{by.ref} is retired: it stands in for nothing."
    elif Compensation.objects.filter(control=control, by=by, ends_on__isnull=True).exists():
        wrong["by"] = f"{by.ref} is named already."
    if not reason.strip():
        wrong["reason"] = "Say how it does what the other was for. An auditor reads this."
    if starts_on > today(here().timezone):
        wrong["starts_on"] = "Give the day from which it has done so: not one to come."
    if wrong:
        raise ValidationError(wrong)
    made = Compensation.objects.create(
        control=control, by=by, reason=reason.strip(), starts_on=starts_on, made_by=actor.label[:254]
    )
    record(
        actor=actor, action="controls.control.compensated", target=control,
        after={"by": by.ref, "reason": made.reason, "starts_on": starts_on},
    )  # fmt: skip
    announce(control_changed, control_id=control.pk)
    return made


@transaction.atomic
def end_compensation(*, actor: Actor, compensation: Compensation, reason: str) -> Compensation:
    """A control no longer stands in for another from tomorrow on; that it did until today stays. Needs a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it no longer stands in: what does the work now?"})
    found = Compensation.objects.select_for_update(of=("self",)).select_related("control", "by").get(pk=compensation.pk)
    if found.ends_on is not None:
        return found
    found.ends_on, found.end_reason = max(today(here().timezone), found.starts_on), reason.strip()
    found.save(update_fields=["ends_on", "end_reason"])
    record(
        actor=actor, action="controls.control.compensation_ended", target=found.control, before={"by": found.by.ref},
        after={"ends_on": found.ends_on, "reason": found.end_reason},
    )  # fmt: skip
    announce(control_changed, control_id=found.control_id)
    return found
