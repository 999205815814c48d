"""Roles and endings. Somebody always remains who can bring people in."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.access.roles import ROLES, Role, permissions_of
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import membership_ended
from ..models import Membership
from .tokens import limit_tokens

_MANAGING = [role.value for role, held in ROLES.items() if Permission.PEOPLE_MANAGE in held]


@transaction.atomic
def change_member(*, actor: Actor, membership: Membership, role: str, title: str = "") -> Membership:
    """Change a member's role and title. Their tokens lose what the new role does not hold.

    Raises ValidationError where nobody would be left who manages people, for a role that does not exist, and where somebody
    would give themselves what they do not hold: another has to, so that two people know of it.
    """
    if role not in set(Role):
        raise ValidationError({"role": "Choose a role of the list."})
    membership = _locked(membership)
    if actor.membership_id == membership.pk and _gains(membership.role, role):
        raise ValidationError({"role": "Nobody raises their own role. Another person who manages people has to give it to you."})
    before, after = changes(membership, {"role": role, "title": title.strip()})
    if Permission.PEOPLE_MANAGE not in permissions_of(role):
        _refuse_if_last(membership, "role")
    if not after:
        return membership
    for name, value in after.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(after))
    record(actor=actor, action="people.membership.changed", target=membership, before=before, after=after)
    limit_tokens(actor=actor, creator=membership, held=permissions_of(role))
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership) -> Membership:
    """End a membership: the person is out at once, their tokens are revoked, and what they did stays on record.

    Raises ValidationError where nobody would be left who manages people.
    """
    membership = _locked(membership)
    if not membership.is_active:
        return membership
    _refuse_if_last(membership, "membership")
    membership.ended_at = now()
    membership.save(update_fields=["ended_at"])
    record(
        actor=actor, action="people.membership.ended", target=membership,
        before={"role": membership.role}, after={"ended_at": membership.ended_at},
    )  # fmt: skip
    limit_tokens(actor=actor, creator=membership, held=frozenset())
    send = partial(membership_ended.send_robust, sender=Membership)
    transaction.on_commit(partial(send, organization_id=here().organization_id, membership_id=membership.pk))
    return membership


def _gains(before: str, after: str) -> bool:
    """Whether a role holds what another does not. What concerns only what is given to oneself is no gain: whoever may do it for
    all need not hold it."""
    return any(not each.value.endswith("-own") for each in permissions_of(after) - permissions_of(before))


def _locked(membership: Membership) -> Membership:
    """The row as it is now, with everybody who manages people locked, so that two cannot leave at once."""
    room = Membership.objects.select_for_update().filter(organization_id=here().organization_id)
    list(room.filter(role__in=_MANAGING, ended_at__isnull=True).order_by("pk"))
    return room.get(pk=membership.pk)


def _refuse_if_last(membership: Membership, field: str) -> None:
    if membership.role not in _MANAGING:
        return
    others = Membership.objects.filter(
        organization_id=here().organization_id, role__in=_MANAGING, ended_at__isnull=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        last = f"{membership.name} is the last person here who can manage people."
        raise ValidationError({field: f"{last} Give somebody else such a role first."})
