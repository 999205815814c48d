"""Asking, sending the link again, and withdrawing."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.people.selectors import is_member
from compliance.tenancy.clock import today
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Implementation
from evidence.models import EvidenceRequirement
from evidence.services.authority import may_provide

from ..mail import MailNotSentError, send_letter
from ..models import Ask, AskState, EventKind
from ..selectors import is_retired, is_waiting
from .links import make_link, revoke_links
from .writing import NotNowError, locked, tell, turn

REF = "ASK"


@transaction.atomic
def ask_for(
    *, actor: Actor, asker: Membership | None, requirement: EvidenceRequirement, due_on: date, member: Membership | None = None,
    email: str = "", name: str = "", note: str = "",
) -> Ask:  # fmt: skip
    """Ask a member, or somebody outside by mail, for what a requirement needs. Whoever may provide it may ask for it.

    Raises PermissionDenied, ValidationError by field; where the mail could not be sent nothing is asked.
    """
    if asker is None or not may_provide(asker, requirement):
        raise PermissionDenied("Whoever owns the requirement or its control asks for it, or the compliance manager.")
    email = email.strip().lower()
    if faults := _wrong(requirement, due_on, member, email, name):
        raise ValidationError(faults)
    ask = Ask.objects.create(
        ref=next_reference(REF), requirement=requirement, member=member, email=email, due_on=due_on, note=note.strip(),
        name=(member.name if member else name.strip())[:200], asked_by=asker, asked_by_name=asker.name,
    )  # fmt: skip
    tell(actor=actor, ask=ask, kind=EventKind.ASKED.value, text=ask.note)
    record(
        actor=actor, action="evidence_requests.ask.asked", target=ask,
        after={"requirement": requirement.ref, "of": ask.name, "email": email, "due_on": due_on, "note": ask.note},
    )  # fmt: skip
    if email:
        write_to(actor=actor, ask=ask, kind="asked")
    return ask


def _wrong(
    requirement: EvidenceRequirement, due_on: date, member: Membership | None, email: str, name: str
) -> dict[str, str]:
    faults = {}
    if requirement.control.implementation == Implementation.RETIRED:
        faults["requirement"] = "The control is retired: nothing is asked of it any more."
    if due_on < today(here().timezone):
        faults["due_on"] = "Choose today or a later day."
    if (member is None) == (not email):
        faults["member"] = "Choose somebody of the organisation, or write the address of somebody outside."
    elif member is not None and not member.is_active:
        faults["member"] = f"{member} has left."
    elif email and is_member(email):
        faults["email"] = "This address is a member's: choose them by name, so that they need no link."
    elif email and not name.strip():
        faults["name"] = "Say who it is: the name stands with what they hand in."
    return faults


def write_to(*, actor: Actor, ask: Ask, kind: str) -> None:
    """Mail whoever is outside a new link. Raises ValidationError where the mail could not be sent."""
    try:
        send_letter(ask, kind, *make_link(actor=actor, ask=ask))
    except MailNotSentError:
        raise ValidationError({"email": "The mail could not be sent. Nothing was changed; try again in a few minutes."}) from None
    tell(actor=actor, ask=ask, kind=EventKind.MAILED.value, text=ask.email)


@transaction.atomic
def send_again(*, actor: Actor, ask: Ask) -> Ask:
    """Mail a new link in the place of those before, which no longer open. Raises NotNowError, ValidationError."""
    ask = locked(ask)
    if not ask.email or not is_waiting(ask):
        raise NotNowError("A link goes to somebody outside, while something is to be handed in.")
    if is_retired(ask):
        raise NotNowError("The control is retired: nothing is asked of it any more. Withdraw the request.")
    revoke_links(actor=actor, ask=ask)
    write_to(actor=actor, ask=ask, kind="asked")
    record(actor=actor, action="evidence_requests.ask.sent_again", target=ask, after={"email": ask.email})
    return ask


@transaction.atomic
def withdraw_ask(*, actor: Actor, ask: Ask, reason: str) -> Ask:
    """Ask no more. No link of it opens from now on. Raises NotNowError where it is settled, ValidationError without a reason."""
    ask = locked(ask)
    if ask.state in (AskState.ACCEPTED, AskState.WITHDRAWN):
        raise NotNowError(f"{ask.ref} is {ask.get_state_display().lower()}.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is not needed any more."})
    revoke_links(actor=actor, ask=ask)
    turn(
        actor=actor, ask=ask, state=AskState.WITHDRAWN, kind=EventKind.WITHDRAWN.value, text=reason.strip(), reason=reason.strip()
    )
    return ask
