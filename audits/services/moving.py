"""Moving a request through its states. The table of moves is audits/moves.py."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import requests_changed
from ..models import Request, RequestState, Seat
from ..moves import check_state
from ..selectors.requests import returned_versions
from .audits import must_be_running
from .authority import need_move, need_seat
from .requests import must_be_able_to_answer


@transaction.atomic
def assign_request(*, actor: Actor, request: Request, assignee: Membership) -> Request:
    """Give an open, assigned or returned request to a member. Raises ValidationError for one who may not answer."""
    must_be_able_to_answer(assignee)
    request = _begin(actor, request, "assign")
    return _move(actor, request, "assign", assignee=assignee)


@transaction.atomic
def take_up_request(*, actor: Actor, request: Request) -> Request:
    """The assignee goes on with a request that the auditor returned."""
    request = _begin(actor, request, "take_up")
    if request.assignee_id is None:
        raise ValidationError("Nobody is assigned to this request. Assign it first.")
    return _move(actor, request, "take_up")


@transaction.atomic
def submit_for_review(*, actor: Actor, request: Request) -> Request:
    """Put an answer in internal review. It needs evidence, or a comment that says what answers it."""
    request = _begin(actor, request, "review")
    answered = request.evidence.exists() or request.internal_comments.exists() or request.external_comments.exists()
    if not answered:
        raise ValidationError("Link the evidence that answers it first, or say in a comment what does.")
    return _move(actor, request, "review")


@transaction.atomic
def send_back_request(*, actor: Actor, request: Request, reason: str) -> Request:
    """A manager finds that the answer is not ready: back to the assignee, with what is missing."""
    _need_reason(reason, "Say what is missing, so that it can be put right.")
    request = _begin(actor, request, "send_back")
    return _move(actor, request, "send_back", reason=reason)


@transaction.atomic
def submit_request(*, actor: Actor, request: Request) -> Request:
    """Hand the answer to the auditor. From now on the linked versions stay.

    Raises ValidationError where there is neither evidence nor a comment for the auditor, or where a linked version was
    returned in our own review.
    """
    request = _begin(actor, request, "submit")
    links = list(request.evidence.select_related("version__artefact"))
    if not links and not request.external_comments.filter(by_auditor=False).exists():
        raise ValidationError(
            "There is nothing to submit: link evidence, or answer in a comment that the auditor reads."
        )
    returned = returned_versions(request)
    if returned:
        raise ValidationError(
            f"{', '.join(returned)} was returned in your own review. Unlink it, or link a newer version."
        )
    moment = now()
    request.evidence.filter(submitted_at__isnull=True).update(submitted_at=moment)
    evidence = [f"{link.version.artefact.ref} v{link.version.number}" for link in links]
    return _move(
        actor, request, "submit", trail={"evidence": evidence}, submitted_at=moment, return_reason="", decided_at=None
    )


@transaction.atomic
def withdraw_request(*, actor: Actor, request: Request, reason: str) -> Request:
    """Take a submission back into internal review, to add to it. What the auditor could read stays readable."""
    _need_reason(reason, "Say why, in words that the auditor may ask about.")
    request = _begin(actor, request, "withdraw")
    return _move(actor, request, "withdraw", reason=reason)


@transaction.atomic
def fulfil_request(*, actor: Actor, request: Request, seat: Seat) -> Request:
    """The auditor has what was asked for. Says nothing of whether the control passed."""
    request = _begin(actor, request, "fulfil", seat)
    return _move(actor, request, "fulfil", decided_at=now(), return_reason="")


@transaction.atomic
def return_request(*, actor: Actor, request: Request, seat: Seat, reason: str) -> Request:
    """The auditor needs something else, and says what."""
    _need_reason(reason, "Say what is missing, so that it can be answered.")
    request = _begin(actor, request, "return", seat)
    return _move(actor, request, "return", decided_at=now(), return_reason=reason.strip())


def _need_reason(reason: str, otherwise: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": otherwise})


def _begin(actor: Actor, request: Request, name: str, seat: Seat | None = None) -> Request:
    """The request under its row lock, once who and whether are settled."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if seat is not None:
        need_seat(actor, seat, locked.audit)
    else:
        need_move(actor, locked, name)
    must_be_running(locked.audit)
    check_state(locked, name)
    return locked


def _move(
    actor: Actor, request: Request, name: str, *, reason: str = "", trail: dict[str, Any] | None = None, **fields: Any
) -> Request:
    move = check_state(request, name)
    before = {"state": request.state} | {field: getattr(request, field) for field in fields if field == "assignee"}
    request.state = RequestState(move.target)
    for field, value in fields.items():
        setattr(request, field, value)
    request.save(update_fields=["state", *fields])
    said = fields.get("return_reason") or reason
    after = {"state": request.state, **(trail or {})} | ({"reason": said} if said else {})
    if "assignee" in fields:
        before["assignee"] = before["assignee"].name if before["assignee"] else None
        after["assignee"] = request.assignee.name if request.assignee else None
    record(actor=actor, action=f"audits.request.{move.past}", target=request, before=before, after=after)
    announce(requests_changed, audit_id=request.audit_id)
    return request
