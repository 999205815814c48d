"""Handing in, by a member or behind a link; accepting it, or returning it with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.people.selectors import addresses_of
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor, ActorKind
from evidence.models import Acceptance, Artefact, Source, Version
from evidence.services.decide import decide_version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from evidence.spans import span_of

from ..events import handed_in
from ..models import Ask, AskState, EventKind
from ..selectors import is_retired, is_waiting
from .ask import write_to
from .links import revoke_links
from .writing import NotNowError, locked, turn


@transaction.atomic
def hand_in(
    *, ask: Ask, content: Iterable[bytes], filename: str, media_type: str, first: date, last: date, note: str = "",
    member: Membership | None = None, actor: Actor | None = None,
) -> Version:  # fmt: skip
    """Take in what was asked for. Without a member it came by the link: provenance says so, and from whose address.

    Raises PermissionDenied for a member who was not asked, NotNowError where nothing is waited for, ValidationError for days
    that cannot be.
    """
    ask = locked(ask)
    if ask.member_id is not None and (member is None or member.pk != ask.member_id):
        raise PermissionDenied("Another was asked for this.")
    if ask.email and member is not None:
        raise PermissionDenied("Somebody outside was asked for this.")
    if not is_waiting(ask):
        raise NotNowError("It was handed in, or is not asked for any more.")
    if is_retired(ask):
        raise NotNowError("The control is retired: nothing is asked of it any more, and nothing was received.")
    by = actor if member is not None and actor is not None else outside(ask)
    starts, ends = _span(first, last)
    version = receive_version(
        actor=by, artefact=_artefact(by, ask), content=content, filename=filename, media_type=media_type, effective_start=starts,
        effective_end=ends, provided_by=member, provenance=_provenance(ask, by, filename, note),
    )  # fmt: skip
    turn(actor=by, ask=ask, state=AskState.HANDED_IN, kind=EventKind.HANDED_IN.value, text=note.strip(), version=version)
    announce(handed_in, ask_id=ask.pk)
    return version


def outside(ask: Ask) -> Actor:
    """Whoever holds the link that was sent to an address, as the trail knows them. Nobody proved who they are."""
    return Actor(ActorKind.SYSTEM, f"{ask.name} <{ask.email}>, by the link of {ask.ref}"[:254])


def _provenance(ask: Ask, by: Actor, filename: str, note: str) -> dict[str, Any]:
    told = {"filename": filename[:255], "provided_by": by.label, "note": note.strip(), "request": ask.ref}
    return told | ({"by_link": True, "email": ask.email} if ask.email else {})


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    try:
        return span_of(first, last, zone=ZoneInfo(here().timezone), now=now())
    except ValueError as error:
        raise ValidationError({"last": str(error)}) from None


def _artefact(by: Actor, ask: Ask) -> Artefact:
    """What was handed in before is its earlier version."""
    if ask.version is not None:
        return ask.version.artefact
    made = add_artefact(actor=by, title=ask.requirement.title, source=Source.PERSON)
    link_artefact(actor=by, artefact=made, requirement=ask.requirement)
    return made


@transaction.atomic
def accept(*, actor: Actor, reviewer: Membership | None, ask: Ask, reason: str = "") -> Ask:
    """Approve what was handed in: the request is done, and no link of it opens any more. Never by who handed it in.

    Raises PermissionDenied, NotNowError.
    """
    ask, version = _handed_in(ask, reviewer)
    decide_version(actor=actor, version=version, acceptance=Acceptance.APPROVED, reason=reason)
    revoke_links(actor=actor, ask=ask)
    turn(actor=actor, ask=ask, state=AskState.ACCEPTED, kind=EventKind.ACCEPTED.value, text=reason.strip())
    return ask


@transaction.atomic
def send_back(*, actor: Actor, reviewer: Membership | None, ask: Ask, reason: str) -> Ask:
    """Return what was handed in, with a reason. The link opens again; whoever is outside is written to.

    Raises PermissionDenied, NotNowError, ValidationError without a reason.
    """
    ask, version = _handed_in(ask, reviewer)
    decide_version(actor=actor, version=version, acceptance=Acceptance.RETURNED, reason=reason)
    turn(
        actor=actor, ask=ask, state=AskState.RETURNED, kind=EventKind.RETURNED.value, text=reason.strip(), reason=reason.strip()
    )
    if ask.email:
        write_to(actor=actor, ask=ask, kind="returned")
    return ask


def _handed_in(ask: Ask, reviewer: Membership | None) -> tuple[Ask, Version]:
    ask = locked(ask)
    if ask.state != AskState.HANDED_IN or ask.version is None:
        raise NotNowError("Nothing is handed in that could be judged.")
    if reviewer is None or is_giver(reviewer, ask):
        raise PermissionDenied("Evidence is never approved by the one who provided it.")
    return ask, ask.version


def is_giver(member: Membership, ask: Ask) -> bool:
    """Whether a member is who was asked, by membership or by any mail address of theirs."""
    return ask.member_id == member.pk or (bool(ask.email) and ask.email.lower() in addresses_of(member))


@transaction.atomic
def follow_decision(*, actor: Actor, ask: Ask) -> None:
    """What was handed in was judged on its own page: the request follows. Idempotent."""
    ask = locked(ask)
    if ask.state != AskState.HANDED_IN or ask.version is None:
        return
    decided = ask.version.decisions.order_by("-id").first()
    if decided is None:
        return
    if decided.acceptance == Acceptance.APPROVED:
        revoke_links(actor=actor, ask=ask)
        turn(actor=actor, ask=ask, state=AskState.ACCEPTED, kind=EventKind.ACCEPTED.value, text=decided.reason)
    elif decided.acceptance == Acceptance.RETURNED:
        turn(
            actor=actor, ask=ask, state=AskState.RETURNED, kind=EventKind.RETURNED.value, text=decided.reason, reason=decided.reason
        )
        if ask.email:
            write_to(actor=actor, ask=ask, kind="returned")
