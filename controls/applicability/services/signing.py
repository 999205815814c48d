"""Signing the risk that remains with a row: by somebody who may approve, and does not own it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record

from ..models import Decision, Row, SignOff, Statement
from .beginning import refuse_closed

LONGEST = 2_000


@transaction.atomic
def sign_rows(
    *, actor: Actor, rows: Sequence[Row], signer: Membership, reason: str, seen: Mapping[UUID, int] | None = None
) -> list[SignOff]:
    """Accept the residual risk of rows as they stand, with the reason. It holds until what a row says changes.

    `seen` is the revision of each row that the signer read, where there was a page to read it on. Raises ValidationError
    without a reason, and for a row that was changed since, is undecided or that the signer owns: all are signed or none.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say what the acceptance rests on."})
    if len(reason) > LONGEST:
        raise ValidationError({"reason": f"It holds {LONGEST:,} characters at most."})
    if not rows:
        return []
    statement = Statement.objects.select_for_update(of=("self",)).select_related("programme").get(pk=rows[0].statement_id)
    refuse_closed(statement)
    found = Row.objects.filter(statement=statement, pk__in=[row.pk for row in rows]).select_related("requirement")
    locked = list(found.order_by("requirement__position"))
    refused = {row: _changed_since(row, seen or {}) or refusal_to_sign(row, signer) for row in locked}
    faults = [f"{row.requirement.ref}: {said}" for row, said in refused.items() if said]
    if faults:
        raise ValidationError(faults)
    made = SignOff.objects.bulk_create(
        SignOff(row=row, substance=row.substance(), reason=reason, signed_by=signer, signed_by_label=actor.label[:254])
        for row in locked
    )
    bulk_record(
        actor=actor, action="applicability.risk.signed",
        rows=[(row, {}, {"reason": reason, "decision": row.decision}) for row in locked],
    )  # fmt: skip
    return made


def _changed_since(row: Row, seen: Mapping[UUID, int]) -> str:
    if seen.get(row.pk, row.revision) == row.revision:
        return ""
    return f"{row.changed_by} changed it since you read it. Read it again."


def refusal_to_sign(row: Row, signer: Membership) -> str:
    """Why a member may not sign a row's residual risk; empty where they may."""
    if row.decision == Decision.UNDECIDED:
        return "It is undecided, so there is no risk yet that could be accepted."
    return "You own it, so somebody else has to sign its risk." if row.owner_id == signer.pk else ""
