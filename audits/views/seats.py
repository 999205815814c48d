"""Inviting auditors to their seats, and closing them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.seats import ExtendForm, SeatForm
from ..mail import MailNotSent
from ..models import Seat
from ..services import extend_seat, invite_auditor, renew_invitation, revoke_seat
from .finding import audit_or_404, sentences

_NO_MAIL = "The invitation could not be mailed, so nothing was saved. Try again, or have the mail settings looked at."


@requires(Permission.AUDIT_MANAGE)
def invite(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Invite an auditor to this audit."""
    audit = audit_or_404(pk)
    form = SeatForm(sent(request), audit=audit)
    if request.method == "POST" and form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if name != "considered"}
        try:
            seat = invite_auditor(
                actor=request.actor, audit=audit, considered=form.concerns, **asked,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        except MailNotSent:
            form.add_error(None, _NO_MAIL)
        else:
            messages.success(request, f"The invitation went to {seat.email}.")
            return redirect("audits:show", organization, audit.pk)
    return render(request, "audits/invite.html", {"form": form, "audit": audit}, status=422 if form.is_bound else 200)


@require_POST
@requires(Permission.AUDIT_MANAGE)
def renew(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Mail the way in once more."""
    seat = get_object_or_404(Seat, pk=pk)
    try:
        renew_invitation(actor=request.actor, seat=seat)
    except ValidationError as error:
        messages.error(request, sentences(error))
    except MailNotSent:
        messages.error(request, _NO_MAIL)
    else:
        messages.success(request, f"A new invitation went to {seat.email}; the one before no longer works.")
    return redirect("audits:show", organization, seat.audit_id)


@requires(Permission.AUDIT_MANAGE)
def change(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """One seat: its last day, and the way to close it."""
    seat = get_object_or_404(Seat.objects.select_related("audit"), pk=pk)
    form = ExtendForm(sent(request), seat=seat)
    if request.method == "POST" and form.is_valid():
        try:
            extend_seat(actor=request.actor, seat=seat, until=form.cleaned_data["until"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The seat of {seat.name} now ends on {form.cleaned_data['until']:%-d %b %Y}.")
            return redirect("audits:show", organization, seat.audit_id)
    return render(
        request,
        "audits/seat.html",
        {"form": form, "seat": seat, "audit": seat.audit},
        status=422 if form.is_bound else 200,
    )


@require_POST
@requires(Permission.AUDIT_MANAGE)
def revoke(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Close a seat at once."""
    seat = get_object_or_404(Seat, pk=pk)
    try:
        revoke_seat(actor=request.actor, seat=seat)
    except ValidationError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, f"The seat of {seat.name} is closed.")
    return redirect("audits:show", organization, seat.audit_id)
