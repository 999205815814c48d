"""What every page of the portal shows: whose room it is, until when, and where else to go."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.web.words import day

from .guards import SeatedRequest

_NAV = (
    ("overview", "Overview", ("overview",)),
    ("scope", "Scope", ("scope", "confirm")),
    ("applicability", "Applicability", ("applicability",)),
    ("requests", "Requests", ("requests", "request", "raise", "change", "return", "comment", "note")),
    ("controls", "Controls", ("controls", "control")),
    ("populations", "Populations", ("populations", "population")),
    ("access_reviews", "Access reviews", ("access_reviews", "access_review")),
    ("evidence", "Evidence", ("evidence", "version", "proof")),
    ("packs", "Packs", ("packs",)),
    ("recorded", "Recorded", ("recorded",)),
)


def portal_page(request: SeatedRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the portal."""
    seat, room = request.seat, request.organization
    days_left = (seat.until - today(room.timezone)).days
    frame = {
        "seat": seat, "audit": seat.audit, "nav": _entries(request), "today": today(room.timezone), "home_url": "/",
        "portal": {
            "firm": seat.firm, "organization": room.name, "engagement": engagement(seat.audit.programme),
            "closes": seat.until, "days_left": days_left, "recorded_url": portal_url(request, "recorded"),
        },
    }  # fmt: skip
    return render(request, template, frame | context, status=status)


def portal_url(request: SeatedRequest, name: str, *more: Any) -> str:
    """The address of a portal page of this audit."""
    return reverse(f"portal:{name}", args=[request.organization.slug, request.seat.audit_id, *more])


def engagement(programme: Programme) -> str:
    """What is examined, in words: `SOC 2 Type II, 1 Jan 2026 to 31 Dec 2026`."""
    what = programme.get_kind_display()
    if programme.period_start and programme.period_end:
        return f"{what}, {day(programme.period_start)} to {day(programme.period_end)}"
    return f"{what}, as of {day(programme.as_of)}" if programme.as_of else what


def _entries(request: SeatedRequest) -> list[dict[str, Any]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        {"key": name, "label": label, "url": portal_url(request, name), "count": None, "current": here in covers}
        for name, label, covers in _NAV
        if name != "applicability" or request.seat.audit.programme.has_annex
    ]
