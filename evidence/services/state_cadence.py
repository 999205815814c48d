"""Saying from which day on a requirement is to be shown another often."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor

from ..models import EvidenceRequirement, StatedCadence


def state_cadence(
    actor: Actor, requirement: EvidenceRequirement, cadence: str | None, since: date | None, reason: str
) -> StatedCadence | None:
    """The statement that a change of cadence makes, not saved yet; None where it is not changed. Locks the requirement.

    Raises ValidationError for a day to come, for one that is over without a reason, and for a day where nothing changes.
    """
    if cadence is None:
        if since is not None:
            raise ValidationError({"cadence_since": "How often it is shown does not change, so there is no day to give."})
        return None
    on = today(here().timezone)
    if since is not None and since > on:
        raise ValidationError({"cadence_since": "A day that has not come: change it then."})
    if since is not None and since < on and not reason:
        raise ValidationError({"cadence_reason": "Say why it held before today already: an auditor will ask."})
    held = EvidenceRequirement.objects.select_for_update().get(pk=requirement.pk)
    last = StatedCadence.objects.filter(requirement=requirement).order_by("-number").first()
    return StatedCadence(
        requirement=requirement, number=last.number + 1 if last else 1, before=held.cadence, after=cadence,
        since=since or on, reason=reason, said_by=actor.label[:254], said_at=now(),
    )  # fmt: skip
