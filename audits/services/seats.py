"""An auditor's seat: invited by mail, accepted with a declaration of independence, extended, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership, User
from compliance.people.secrets import issue
from compliance.people.selectors import is_member
from compliance.people.services import prove_mailbox
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import record

from .. import mail
from ..events import seat_changed
from ..models import Audit, Seat
from ..selectors.seats import condition
from .authority import need

#: What an auditor declares on accepting a seat; kept word for word in the trail.
DECLARATION = (
    "I am independent of this organisation: I hold no role in it, I have not held one within the last 24 months, and "
    "neither my firm nor I designed, operate or own the controls that I am to examine."
)


@transaction.atomic
def invite_auditor(
    *,
    actor: Actor,
    audit: Audit,
    email: str,
    name: str,
    firm: str,
    starts_on: date,
    until: date,
    considered: Sequence[str] = (),
) -> Seat:
    """Give a person a seat at one audit for a span of days, and mail them the way in.

    `considered` are the concerns that were shown and set aside; they go into the trail. An address whose seat was
    revoked or is over gets it anew. Raises ValidationError for a member or a second seat, MailNotSent without a mail.
    """
    need(actor, Permission.AUDIT_MANAGE)
    address = email.strip().lower()
    _refuse_members(address)
    _check_span(starts_on, until)
    seat = Seat.objects.select_for_update().filter(audit=audit, email=address).first() or Seat(
        audit=audit, email=address
    )
    if not seat._state.adding and condition(seat) not in {"revoked", "ended"}:
        raise ValidationError({"email": "This address has a seat at this audit already."})
    seat.name, seat.firm, seat.starts_on, seat.until = name, firm, starts_on, until
    seat.user = seat.accepted_at = seat.declared_independent_at = seat.revoked_at = None
    seat.invited_by = _member(actor)
    handed, seat.secret_hash = issue(here().organization_id)
    seat.save()
    record(
        actor=actor,
        action="audits.seat.invited",
        target=seat,
        after={"email": address, "firm": firm, "starts_on": starts_on, "until": until, "concerns": list(considered)},
    )
    _mail_invitation(actor, seat, handed)
    announce(seat_changed, seat_id=seat.pk)
    return seat


@transaction.atomic
def renew_invitation(*, actor: Actor, seat: Seat) -> Seat:
    """Send the way in once more. The link that was sent before no longer works."""
    need(actor, Permission.AUDIT_MANAGE)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if condition(seat) != "invited":
        raise ValidationError("Only an invitation that waits for its answer can be sent again.")
    handed, seat.secret_hash = issue(here().organization_id)
    seat.save(update_fields=["secret_hash"])
    record(actor=actor, action="audits.seat.invited_again", target=seat, after={"email": seat.email})
    _mail_invitation(actor, seat, handed)
    return seat


@transaction.atomic
def accept_seat(*, user: User, seat: Seat, declares_independence: bool, request_id: str = "") -> Seat:
    """The invited person takes the seat, declaring that they are independent. The declaration is stored word for word.

    Raises PermissionDenied for another address or a member, ValidationError without the declaration.
    """
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if user.email.casefold() != seat.email.casefold():
        raise PermissionDenied("This seat was offered to another address.")
    _refuse_members(seat.email, user)
    if not declares_independence:
        raise ValidationError(
            {"declares_independence": "A seat is for an independent auditor: declare it, or do not accept."}
        )
    if condition(seat) != "invited":
        raise ValidationError("This invitation was answered or has ended.")
    prove_mailbox(user=user, email=seat.email)
    moment = now()
    seat.user, seat.accepted_at, seat.declared_independent_at = user, moment, moment
    seat.save(update_fields=["user", "accepted_at", "declared_independent_at"])
    actor = Actor(ActorKind.AUDITOR, str(seat), user.pk, request_id=request_id)
    record(
        actor=actor, action="audits.seat.accepted", target=seat, after={"declaration": DECLARATION, "email": seat.email}
    )
    announce(seat_changed, seat_id=seat.pk)
    return seat


@transaction.atomic
def extend_seat(*, actor: Actor, seat: Seat, until: date) -> Seat:
    """Move the last day of a seat, either way. Raises ValidationError for a revoked seat or an impossible day."""
    need(actor, Permission.AUDIT_MANAGE)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if seat.revoked_at is not None:
        raise ValidationError({"until": "This seat was revoked. Invite the auditor again."})
    _check_span(seat.starts_on, until)
    before, seat.until = seat.until, until
    seat.save(update_fields=["until"])
    record(actor=actor, action="audits.seat.extended", target=seat, before={"until": before}, after={"until": until})
    announce(seat_changed, seat_id=seat.pk)
    return seat


@transaction.atomic
def revoke_seat(*, actor: Actor, seat: Seat) -> Seat:
    """Close a seat at once, and tell its holder. Their requests, comments and notes stay."""
    need(actor, Permission.AUDIT_MANAGE)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if seat.revoked_at is not None:
        raise ValidationError("This seat was revoked already.")
    seat.revoked_at = now()
    seat.save(update_fields=["revoked_at"])
    record(actor=actor, action="audits.seat.revoked", target=seat, after={"email": seat.email})
    organization = Organization.objects.get(pk=here().organization_id)
    tell = partial(
        mail.send,
        to=seat.email,
        subject=f"Your seat at {organization.name} was closed",
        template="audits/mail/revoked",
        context={"seat": seat, "organization": organization, "by": actor.label},
    )
    transaction.on_commit(tell, robust=True)  # closing the door must not wait for a mail server
    announce(seat_changed, seat_id=seat.pk)
    return seat


def _refuse_members(email: str, user: User | None = None) -> None:
    if is_member(user.email if user else email):
        message = "This person is a member of the organisation, and nobody audits their own work."
        raise PermissionDenied(message) if user else ValidationError({"email": message})


def _member(actor: Actor) -> Membership | None:
    return Membership.objects.filter(pk=actor.membership_id).first() if actor.membership_id else None


def _check_span(starts_on: date, until: date) -> None:
    if until < starts_on:
        raise ValidationError({"until": "The last day must not be before the first."})
    if until < today(here().timezone):
        raise ValidationError({"until": "The last day is over. Choose today or later."})


def _mail_invitation(actor: Actor, seat: Seat, handed: str) -> None:
    organization = Organization.objects.get(pk=here().organization_id)
    mail.send(
        to=seat.email,
        subject=f"{organization.name} invites you to its auditor's portal",
        template="audits/mail/invited",
        context={
            "seat": seat,
            "audit": seat.audit,
            "organization": organization,
            "by": actor.label,
            "link": mail.absolute("seats:accept", handed),
        },
    )
