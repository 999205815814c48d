"""Invitations by mail. The link proves that its holder reads that mailbox; only its hash is kept."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.roles import Role
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here, scope
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import record

from ..events import membership_began
from ..independence import objection_to
from ..mail import send_invitation
from ..models import Invitation, Membership, User
from ..secrets import digest, issue
from ..selectors import is_member, open_invitations, organization_named_by
from .mailboxes import prove_mailbox

VALID_DAYS = 14


@transaction.atomic
def invite(*, actor: Actor, email: str, role: str, name: str = "") -> Invitation:
    """Invite somebody by mail to a role. An invitation that is still open for the same address is replaced.

    Raises ValidationError, by field: for a member, for a role that does not exist, and where independence forbids it.
    """
    email = email.strip().lower()
    if role not in set(Role):
        raise ValidationError({"role": "Choose a role of the list."})
    if is_member(email):
        raise ValidationError({"email": "This person is a member already. Change their role instead."})
    if reason := objection_to(email):
        raise ValidationError({"email": reason})
    replaced = open_invitations().filter(email__iexact=email).update(revoked_at=now())
    handed, kept = issue(here().organization_id)
    invitation = Invitation.objects.create(
        email=email, name=name.strip(), role=role, secret_hash=kept, invited_by_id=actor.membership_id,
        expires_at=now() + timedelta(days=VALID_DAYS),
    )  # fmt: skip
    record(
        actor=actor, action="people.invitation.sent", target=invitation,
        after={"email": email, "role": role, "expires_at": invitation.expires_at, "replaces_earlier": bool(replaced)},
    )  # fmt: skip
    organization = Organization.objects.get(pk=here().organization_id)
    transaction.on_commit(partial(send_invitation, invitation, organization, actor.label, handed), robust=True)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Make an invitation worthless. One that was accepted cannot be revoked: end the membership instead."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise ValidationError("This invitation was accepted. End the membership instead.")
    if invitation.revoked_at is None:
        invitation.revoked_at = now()
        invitation.save(update_fields=["revoked_at"])
        record(
            actor=actor, action="people.invitation.revoked", target=invitation,
            after={"email": invitation.email, "revoked_at": invitation.revoked_at},
        )  # fmt: skip
    return invitation


def accept_invitation(*, user: User, secret: str, request_id: str = "") -> Membership:
    """Become a member. Enters the room that the secret names, so it is called outside any.

    Raises ValidationError for a link that is unknown, used, revoked or run out, for another account than the one that
    was invited, and where independence forbids it.
    """
    organization = organization_named_by(secret)
    if organization is None:
        raise ValidationError("This invitation is not known.")
    with scope(organization):
        invitation = Invitation.objects.select_for_update().filter(secret_hash=digest(secret)).first()
        _refuse(invitation, user)
        assert invitation is not None
        _refuse_own_rise(invitation, user)
        membership = _admit(user, invitation)
        invitation.accepted_at = now()
        invitation.save(update_fields=["accepted_at"])
        actor = Actor(ActorKind.PERSON, membership.name, user.pk, membership.pk, request_id)
        record(
            actor=actor, action="people.invitation.accepted", target=membership,
            after={"email": membership.email, "role": membership.role},
        )  # fmt: skip
        send = partial(membership_began.send_robust, sender=Membership)
        transaction.on_commit(partial(send, organization_id=organization.pk, membership_id=membership.pk))
    return membership


def _refuse_own_rise(invitation: Invitation, user: User) -> None:
    """By an invitation nobody changes a role that they hold, nor comes back by one that they sent themselves: to an address
    that became their account's since."""
    own = Membership.objects.filter(organization_id=here().organization_id, user=user).first()
    if own is None:
        return
    if own.is_active:
        raise ValidationError("You are a member already. Ask somebody who manages people to change your role.")
    if invitation.invited_by_id == own.pk:
        raise ValidationError("You sent this invitation yourself. Somebody else has to invite you.")


def _refuse(invitation: Invitation | None, user: User) -> None:
    if invitation is None:
        raise ValidationError("This invitation is not known.")
    if invitation.accepted_at:
        raise ValidationError("This invitation was used already.")
    if invitation.revoked_at:
        raise ValidationError("This invitation was revoked.")
    if invitation.expires_at <= now():
        raise ValidationError("This invitation has run out.")
    if invitation.email.lower() != user.email.lower():
        raise ValidationError("This invitation is for another address.")
    if reason := objection_to(user.email):
        raise ValidationError(reason)


def _admit(user: User, invitation: Invitation) -> Membership:
    """A new membership, or the ended one begun again: one person has one place, with one history."""
    if invitation.name and not user.name:
        user.name = invitation.name
        user.save(update_fields=["name"])
    prove_mailbox(user=user, email=invitation.email)
    membership, created = Membership.objects.get_or_create(
        organization_id=here().organization_id, user=user,
        defaults={"role": invitation.role, "name": user.name or user.email, "email": user.email},
    )  # fmt: skip
    if not created:
        membership.role, membership.ended_at = invitation.role, None
        membership.name = user.name or user.email
        membership.take_address(user.email)
        membership.save(update_fields=["role", "ended_at", "name", "email", "former_emails"])
    return membership
