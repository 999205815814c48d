"""Where the audit stands, what is recorded of its reader, and the end of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance.web.keyset import keyset_page

from ...models import RequestState
from ...services import issue_audit
from ..guards import SeatedRequest, seated
from ..page import portal_page, portal_url
from ..selectors import openings_of, requests_for, tallies

_WAITING = 10


@seated
def overview(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """The log in figures, and the submitted requests that wait longest for the auditor."""
    seat = request.seat
    counts = tallies(seat)
    waiting = requests_for(seat).filter(state=RequestState.SUBMITTED).order_by("submitted_at", "ref")
    return portal_page(request, "portal/overview.html", {
        "counts": counts, "total": sum(each.count for each in counts), "overdue": sum(each.overdue for each in counts),
        "waiting": waiting[:_WAITING],
    })  # fmt: skip


@seated
def recorded(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """What was recorded of this auditor, and who sees which part of it when."""
    page = keyset_page(openings_of(request.seat), order=["-id"], cursor=request.GET.get("cursor", ""), size=100)
    return portal_page(request, "portal/recorded.html", {"page": page})


@require_POST
@seated
def issue(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Record that the report is issued. Ends the log, and opens the record of what was read to the organisation."""
    if request.POST.get("sure") != "yes":
        messages.error(request, "Tick that the report is issued. Nothing was recorded.")
        return redirect(portal_url(request, "overview"))
    try:
        issue_audit(actor=request.actor, audit=request.seat.audit, seat=request.seat)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "The report is recorded as issued.")
    return redirect(portal_url(request, "overview"))
