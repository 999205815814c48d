"""Scope, period, categories and method as the organisation has them, and the auditor's confirmation before fieldwork."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from compliance.rounds.selectors import changes_since, latest_confirmation
from compliance.rounds.services import confirm_as_auditor
from compliance.rounds.snapshot import facts_of, fingerprint, of_programme

from ..guards import SeatedRequest, seated
from ..page import portal_page, portal_url


@require_GET
@seated
def scope(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """What stands now, what was confirmed, and every change since."""
    programme = request.seat.audit.programme
    present, latest = of_programme(programme), latest_confirmation(programme)
    return portal_page(request, "portal/scope.html", {
        "facts": facts_of(present), "latest": latest, "differences": changes_since(latest, present) if latest else [],
        "seen": fingerprint(present),
    })  # fmt: skip


@require_POST
@seated
def confirm(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Confirm what the page showed; refused where it changed while it was read."""
    seat = request.seat
    if seat.audit.issued_at:
        messages.error(request, "The report is issued: there is nothing left to confirm.")
        return redirect(portal_url(request, "scope"))
    try:
        confirm_as_auditor(
            actor=request.actor, programme=seat.audit.programme, name=seat.name, firm=seat.firm, seen=request.POST.get("seen", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Your confirmation is recorded. Later changes appear here as differences.")
    return redirect(portal_url(request, "scope"))

