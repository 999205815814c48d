"""The request log: reading it, asking for more, and deciding on what was submitted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ...forms.requests import CommentForm, ReasonForm
from ...models import PortalAct, Request
from ...moves import WrongState
from ...services import (
    Conflict,
    change_request,
    comment_as_auditor,
    fulfil_request,
    note_as_auditor,
    raise_request,
    return_request,
)
from ...services.openings import record_opening
from ..forms import AskForm, LogFilter
from ..guards import SeatedRequest, seated
from ..page import portal_page, portal_url
from ..selectors import comments_on, evidence_of, notes_on, requests_for

PAGE = 100


@seated
def requests(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """The whole log."""
    return portal_page(request, "portal/requests.html", _log(request))


@seated
def show(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """One request beside the log, with what was submitted for it. Opening it is recorded."""
    item = _find(request, pk)
    record_opening(
        actor=request.actor,
        seat=request.seat,
        act=PortalAct.OPENED,
        item_type="request",
        item_id=item.pk,
        label=str(item),
    )
    return _paper(request, item)


@seated
def raise_(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Ask for something more."""
    seat = request.seat
    due = today(request.organization.timezone) + timedelta(days=seat.audit.turnaround_days)
    form = AskForm(sent(request), initial={"due_date": due})
    if request.method == "POST" and form.is_valid():
        try:
            item = raise_request(actor=request.actor, audit=seat.audit, seat=seat, **form.asked())
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{item.ref} is in the log.")
            return redirect(portal_url(request, "request", item.pk))
    return portal_page(request, "portal/raise.html", {"form": form}, status=422 if form.is_bound else 200)


@seated
def change(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """Change what one asked oneself, until it is submitted."""
    item = _find(request, pk)
    if item.raised_by_seat_id != request.seat.pk:
        raise PermissionDenied("You change only what you asked for yourself.")
    form = AskForm(sent(request), item=item)
    context: dict[str, Any] = {"form": form, "item": item}
    if request.method == "POST" and form.is_valid():
        try:
            change_request(
                actor=request.actor, request=item, seen=form.cleaned_data["seen"], new=form.asked(), seat=request.seat
            )
        except Conflict as conflict:
            form.seen_anew(conflict.request)
            return portal_page(request, "portal/change.html", context | {"conflict": conflict.differences}, status=409)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{item.ref} was changed.")
            return redirect(portal_url(request, "request", item.pk))
    return portal_page(request, "portal/change.html", context, status=422 if form.is_bound else 200)


@require_POST
@seated
def fulfil(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """The request has what it asked for."""
    item = _find(request, pk)
    return _do(request, item, "", None, fulfil_request, f"{item.ref} is fulfilled.")


@require_POST
@seated
def return_(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """Something else is needed, and what."""
    item = _find(request, pk)
    form = ReasonForm(request.POST, prefix="return")
    if not form.is_valid():
        return _paper(request, item, status=422, return_form=form)
    done = f"{item.ref} went back to the organisation."
    return _do(request, item, "return_form", form, return_request, done, reason=form.cleaned_data["reason"])


@require_POST
@seated
def comment(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """Say something to the organisation."""
    return _say(request, pk, "external", comment_as_auditor, "The comment stands. The organisation reads it.")


@require_POST
@seated
def note(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """Write something down for oneself."""
    return _say(request, pk, "note", note_as_auditor, "The note stands. Only you read it.")


def _say(request: SeatedRequest, pk: UUID, prefix: str, service: Callable[..., Any], done: str) -> HttpResponse:
    item = _find(request, pk)
    form = CommentForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _paper(request, item, status=422, **{f"{prefix}_form": form})
    service(actor=request.actor, request=item, seat=request.seat, text=form.cleaned_data["text"])
    messages.success(request, done)
    return redirect(portal_url(request, "request", item.pk))


def _do(
    request: SeatedRequest, item: Request, name: str, form: Any, service: Callable[..., Request], done: str, **more: Any
) -> HttpResponse:
    try:
        service(actor=request.actor, request=item, seat=request.seat, **more)
    except WrongState as error:
        return _paper(request, _find(request, item.pk), status=409, conflict=" ".join(error.messages))
    except ValidationError as error:
        if form is None:
            return _paper(request, item, status=422, refused=" ".join(error.messages))
        show_refusal(form, error)
        return _paper(request, item, status=422, **{name: form})
    messages.success(request, done)
    return redirect(portal_url(request, "request", item.pk))


def _find(request: SeatedRequest, pk: UUID) -> Request:
    return get_object_or_404(requests_for(request.seat), pk=pk)


def _log(request: SeatedRequest) -> dict[str, Any]:
    filters = LogFilter(request.GET, seat=request.seat)
    rows = requests_for(request.seat, **filters.narrowing())
    page = keyset_page(rows, order=["due_date", "ref"], cursor=request.GET.get("cursor", ""), size=PAGE)
    return {"filter": filters, "page": page, "running": request.seat.audit.issued_at is None}


def _paper(request: SeatedRequest, item: Request, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The log with one request beside it. `bound` are forms that were sent and failed, or what could not be done."""
    seat = request.seat
    context = _log(request) | {
        "item": item, "links": evidence_of(seat, item), "external": list(comments_on(seat, item)),
        "notes": list(notes_on(seat, item)), "return_form": ReasonForm(prefix="return"),
        "external_form": CommentForm(prefix="external"), "note_form": CommentForm(prefix="note"),
        "own": item.raised_by_seat_id == seat.pk,
    }  # fmt: skip
    return portal_page(request, "portal/requests.html", context | bound, status=status)
