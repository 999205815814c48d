"""Why this report: who asked, the reason, and the approval of somebody else."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..models import Demand, Programme, Selection
from ..selectors import terms_of
from .news import tell

DEMAND_FIELDS = ("asked_by", "deal", "needed_by", "report", "months", "note")


@transaction.atomic
def write_selection(*, actor: Actor, programme: Programme, reason: str, author: Membership | None) -> Selection:
    """Write why this report and this period were chosen. Another reason takes an approval back.

    Raises ValidationError without a reason, or for a programme that is closed.
    """
    reason = reason.strip()
    _refuse_closed(programme)
    if not reason:
        raise ValidationError({"reason": "Say why this report and this period: an approver decides on it."})
    selection = _locked(programme)
    before = selection.reason if selection else ""
    if selection and before == reason:
        return selection
    selection = selection or Selection(programme=programme)
    withdrawn = selection.approved_at is not None
    selection.reason, selection.author, selection.author_label = reason, author, actor.label[:254]
    selection.written_at = now()
    selection.approver, selection.approved_by, selection.approved_at, selection.approved_for = None, "", None, {}
    selection.save()
    record(
        actor=actor, action="programmes.selection.written", target=programme, before={"reason": before},
        after={"reason": reason} | ({"approval": "taken back"} if withdrawn else {}),
    )  # fmt: skip
    tell(programme)
    return selection


@transaction.atomic
def approve_selection(*, actor: Actor, selection: Selection, approver: Membership, seen: str = "") -> Selection:
    """Approve the choice, for the dates and options as they stand. `seen` is the fingerprint of what the approver read.

    Raises ValidationError for its author, for one that is approved as it stands or is not as it was read, and for a closed
    programme.
    """
    programme = Programme.objects.select_for_update(of=("self",)).select_related("framework").get(pk=selection.programme_id)
    selection = _locked(programme) or selection
    _refuse_closed(programme)
    if seen and seen != fingerprint(selection):
        raise ValidationError("The reason, the dates or the options were changed since you read them. Read them again.")
    if objection := objection_to_approval(selection, approver):
        raise ValidationError(objection)
    selection.approver, selection.approved_by, selection.approved_at = approver, actor.label[:254], now()
    selection.approved_for = terms_of(programme)
    selection.save(update_fields=["approver", "approved_by", "approved_at", "approved_for"])
    record(
        actor=actor, action="programmes.selection.approved", target=programme, before={},
        after={"approved_for": selection.approved_for},
    )  # fmt: skip
    tell(programme)
    return selection


def fingerprint(selection: Selection) -> str:
    """Changes whenever what an approver decides on does: the reason, or the dates and options that it is for."""
    read = [selection.reason, str(selection.author_id), terms_of(selection.programme)]
    return hashlib.sha256(json.dumps(read, sort_keys=True, default=str).encode()).hexdigest()[:16]


def objection_to_approval(selection: Selection, approver: Membership) -> str:
    """Why a member may not approve a choice; empty where they may. One without a known author was written by a token
    that nobody answers for: anybody who may approve has not written it."""
    if selection.author_id == approver.pk:
        return "You wrote it, so somebody else has to approve it."
    if selection.approved_at and selection.approved_for == terms_of(selection.programme):
        return "It is approved already, for these dates and options."
    return ""


@transaction.atomic
def add_demand(*, actor: Actor, programme: Programme, **fields: Any) -> Demand:
    """Note that somebody asked for the report. Raises ValidationError, by field."""
    _refuse_closed(programme)
    demand = Demand(programme=programme, **_known(fields))
    demand.full_clean(exclude=["organization", "programme"])
    demand.save(force_insert=True)
    record(
        actor=actor, action="programmes.demand.added", target=programme, label=str(demand),
        after={name: getattr(demand, name) for name in DEMAND_FIELDS},
    )  # fmt: skip
    return demand


@transaction.atomic
def change_demand(*, actor: Actor, demand: Demand, **fields: Any) -> Demand:
    """Change what was asked. Raises ValidationError, by field."""
    _refuse_closed(demand.programme)
    before, after = changes(demand, _known(fields))
    if after:
        for name, value in after.items():
            setattr(demand, name, value)
        demand.full_clean(exclude=["organization", "programme"])
        demand.save(update_fields=list(after))
        record(
            actor=actor, action="programmes.demand.changed", target=demand.programme, label=str(demand), before=before,
            after=after,
        )  # fmt: skip
    return demand


@transaction.atomic
def remove_demand(*, actor: Actor, demand: Demand) -> None:
    """Take a demand out; the trail keeps it."""
    _refuse_closed(demand.programme)
    before = {name: getattr(demand, name) for name in DEMAND_FIELDS}
    record(actor=actor, action="programmes.demand.removed", target=demand.programme, label=str(demand), before=before)
    demand.delete()


def _locked(programme: Programme) -> Selection | None:
    """The choice as it stands, kept from others until the transaction ends."""
    found = Selection.objects.select_for_update(of=("self",)).filter(programme=programme).first()
    if found is not None:
        found.programme = programme
    return found


def _refuse_closed(programme: Programme) -> None:
    if programme.closed_at:
        raise ValidationError("The programme is closed; it stays as it is.")


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return settable(fields, DEMAND_FIELDS, "a field of a demand")
