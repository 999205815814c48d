"""Deciding on what the crosswalk proposes: a person confirms which part a control meets, or says why it does not."""

from __future__ import annotations

from collections.abc import Mapping as Values
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ...models import Control, Mapping
from ...services.mapping import map_control
from ..models import Dismissal
from ..proposals import ALL_OF_IT, Proposal
from ..selectors import carried_to, dismissals

Pair = tuple[UUID, UUID]


@transaction.atomic
def confirm_proposals(*, actor: Actor, programme: Programme, parts: Values[Pair, str]) -> list[Mapping]:
    """Confirm proposals, each with the part that the control meets; “all of it” is a part that has to be said too.

    All or none: raises ValidationError, keyed by the pair's ids, where a part is not said or a pair is proposed no more.
    """
    proposed = {proposal.pair: proposal for each in carried_to(programme) for proposal in each.proposals}
    errors: dict[str, list[str]] = {}
    for pair, part in parts.items():
        if pair not in proposed:
            errors[key_of(pair)] = ["This is not proposed any more: somebody decided it, or its reason is gone."]
        elif not part.strip():
            errors[key_of(pair)] = [f"Say which part {proposed[pair].control.ref} meets, or “{ALL_OF_IT.lower()}”."]
    if errors:
        raise ValidationError(errors)
    return [_confirm(actor, proposed[pair], part) for pair, part in parts.items()]


def key_of(pair: Pair) -> str:
    """A pair as one word."""
    return f"{pair[0]}:{pair[1]}"


def _confirm(actor: Actor, proposal: Proposal, part: str) -> Mapping:
    whole = part.strip().rstrip(".").casefold() == ALL_OF_IT.casefold()
    requirement = Requirement.objects.get(pk=proposal.requirement.pk)
    control = Control.objects.get(pk=proposal.control.pk)
    mapping = map_control(actor=actor, control=control, requirement=requirement, part="" if whole else part)
    reason = proposal.via[0]
    after = {
        "requirement": requirement.ref, "part": mapping.part or ALL_OF_IT,
        "because": f"{reason.requirement.ref} {reason.relation.label} it",
    }  # fmt: skip
    record(actor=actor, action="crosswalk.proposal.confirmed", target=control, after=after)
    return mapping


@transaction.atomic
def dismiss_proposals(*, actor: Actor, programme: Programme, pairs: Sequence[Pair], reason: str) -> list[Dismissal]:
    """Say that controls do not meet requirements for which they are proposed, and why. Needs a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Whoever looks at this requirement next will ask."})
    proposed = {proposal.pair: proposal for each in carried_to(programme) for proposal in each.proposals}
    missing = [pair for pair in pairs if pair not in proposed]
    if missing or not pairs:
        raise ValidationError("This is not proposed any more.")
    return [_dismiss(actor, proposed[pair], reason.strip()) for pair in pairs]


def _dismiss(actor: Actor, proposal: Proposal, reason: str) -> Dismissal:
    requirement = proposal.requirement
    dismissal = Dismissal.objects.create(
        control_id=proposal.control.pk, requirement=requirement, framework_owner_id=requirement.organization_id,
        reason=reason, dismissed_by=actor.label[:254], dismissed_at=now(),
    )  # fmt: skip
    after = {"requirement": requirement.ref, "reason": reason}
    record(actor=actor, action="crosswalk.proposal.dismissed", target=proposal.control, after=after)
    return dismissal


@transaction.atomic
def restore_proposal(*, actor: Actor, programme: Programme, dismissal: Dismissal) -> None:
    """Take a dismissal back: the proposal is open again where its reason still holds."""
    found = dismissals(programme).filter(pk=dismissal.pk).first()
    if found is None:
        raise ValidationError("This was taken back already.")
    before = {"requirement": found.requirement.ref, "reason": found.reason}
    found.delete()
    record(actor=actor, action="crosswalk.proposal.restored", target=found.control, before=before)
