"""Whether the description tells an incident or a change, decided with a reason."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Change, Disclosure, Incident

Entry = TypeVar("Entry", bound=Incident | Change)


@transaction.atomic
def decide_disclosure(*, actor: Actor, entry: Entry, disclosure: str, reason: str) -> Entry:
    """Decide that the description tells it, or does not. The trail keeps what was decided before.

    Raises ValidationError without a reason, and for anything but a decision.
    """
    reason = reason.strip()
    faults = {}
    if disclosure not in {Disclosure.DISCLOSE, Disclosure.KEEP_OUT}:
        faults["disclosure"] = ["Decide whether the description tells it."]
    if not reason:
        faults["reason"] = ["Say why. An auditor reads this."]
    if faults:
        raise ValidationError(faults)
    before = {"disclosure": entry.disclosure, "reason": entry.disclosure_reason}
    after = {"disclosure": str(disclosure), "reason": reason}
    entry.disclosure, entry.disclosure_reason = disclosure, reason
    entry.disclosure_by, entry.disclosure_at = actor.label[:254], now()
    entry.save(update_fields=["disclosure", "disclosure_reason", "disclosure_by", "disclosure_at"])
    record(actor=actor, action=f"ledger.{entry._meta.model_name}.decided", target=entry, before=before, after=after)
    return entry
