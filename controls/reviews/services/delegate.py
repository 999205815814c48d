"""Leave: who answers somebody's reviews meanwhile."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Delegation


@transaction.atomic
def delegate_reviews(
    *, actor: Actor, member: Membership | None, owner: Membership, delegate: Membership, starts_on: date, ends_on: date,
    reason: str,
) -> Delegation:  # fmt: skip
    """Let another answer somebody's reviews from a day to a day: the person themselves records it, or who manages reviews.

    A manager never names themselves: they would attest what they oversee. Never from a past day: what was answered then
    was answered by whoever had it. Raises PermissionDenied, ValidationError by field.
    """
    if member is None or (member.pk != owner.pk and not member.may(Permission.REVIEW_MANAGE)):
        raise PermissionDenied("Leave is recorded by whoever takes it, or who manages reviews.")
    list(Membership.objects.select_for_update(of=("self",)).filter(pk__in=[owner.pk, delegate.pk]).order_by("pk"))
    faults = _days_wrong(starts_on, ends_on) | _people_wrong(member, owner, delegate)
    if not reason.strip():
        faults["reason"] = "Say why: leave, parental leave, illness."
    faults = faults or _overlaps(owner, delegate, starts_on, ends_on)
    if faults:
        raise ValidationError(faults)
    made = Delegation.objects.create(
        owner=owner, owner_name=owner.name, delegate=delegate, delegate_name=delegate.name, starts_on=starts_on,
        ends_on=ends_on, reason=reason.strip(), recorded_by=actor.label[:254],
    )  # fmt: skip
    record(
        actor=actor, action="reviews.delegation.recorded", target=made,
        after={"owner": owner.name, "delegate": delegate.name, "from": starts_on, "to": ends_on, "reason": made.reason},
    )  # fmt: skip
    return made


@transaction.atomic
def end_delegation(*, actor: Actor, member: Membership | None, delegation: Delegation) -> Delegation:
    """End a delegation before its last day, from now on: what was answered under it stands.

    Raises PermissionDenied, and ValidationError where it is over.
    """
    if member is None or (member.pk != delegation.owner_id and not member.may(Permission.REVIEW_MANAGE)):
        raise PermissionDenied("It is ended by whoever gave it, or who manages reviews.")
    delegation = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if delegation.ended_at is not None or delegation.ends_on < today(here().timezone):
        raise ValidationError("It is over already.")
    delegation.ended_at, delegation.ended_by = now(), actor.label[:254]
    delegation.save(update_fields=["ended_at", "ended_by"])
    record(actor=actor, action="reviews.delegation.ended", target=delegation, after={"ended_at": delegation.ended_at})
    return delegation


def _days_wrong(starts_on: date, ends_on: date) -> dict[str, str]:
    if starts_on < today(here().timezone):
        return {"starts_on": "Choose today or a later day: a right is not given for days that have passed."}
    return {"ends_on": "Choose the first day or a later one."} if ends_on < starts_on else {}


def _people_wrong(member: Membership, owner: Membership, delegate: Membership) -> dict[str, str]:
    if not owner.may(Permission.REVIEW_ANSWER_OWN):
        return {"owner": f"{owner} answers no reviews."}
    if owner.pk == delegate.pk:
        return {"delegate": "Name somebody else: nobody stands in for themselves."}
    if not delegate.may(Permission.REVIEW_ANSWER_OWN):
        return {"delegate": f"{delegate} may not answer reviews: their role does not allow it, or they have left."}
    if delegate.pk == member.pk:
        return {"delegate": "Only the owner themselves can name you: you would attest what you oversee."}
    return {}


def _overlaps(owner: Membership, delegate: Membership, starts_on: date, ends_on: date) -> dict[str, str]:
    """Neither twice for the same days, nor to somebody who is away then."""
    during = Delegation.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on, ended_at__isnull=True)
    if other := during.filter(owner=owner).first():
        return {"starts_on": f"{other} is recorded from {other.starts_on:%-d %B} to {other.ends_on:%-d %B %Y} already."}
    if away := during.filter(owner=delegate).first():
        return {"delegate": f"{delegate} is on leave from {away.starts_on:%-d %B} to {away.ends_on:%-d %B %Y}."}
    if standing := during.filter(delegate=owner).first():
        return {"owner": f"{owner} stands in for {standing.owner_name} then. Give that to somebody else first."}
    return {}
