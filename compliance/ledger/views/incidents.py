"""The register of incidents."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from .. import selectors, services
from ..forms import IncidentFilter, IncidentForm
from ..models import Incident
from .entries import entry_page, form_page


@require_GET
@requires(Permission.LEDGER_VIEW)
def incidents(request: PageRequest, organization: str) -> HttpResponse:
    """Every incident, the latest first."""
    chosen = IncidentFilter(request.GET)
    chosen.is_valid()
    asked = chosen.cleaned_data
    found = selectors.incidents(text=asked.get("q", "").strip(), disclosure=asked.get("disclosure", ""))
    page = keyset_page(found, order=("-started_on", "-id"), cursor=request.GET.get("cursor", ""))
    context = {"filter": chosen, "page": page, "filtered": any(asked.values()), "undecided": selectors.undecided_incidents().count()}
    return render(request, "ledger/incidents.html", context)


@require_GET
@requires(Permission.LEDGER_VIEW)
def incident(request: PageRequest, organization: str, incident: UUID) -> HttpResponse:
    """One incident: nature, timing, extent, disposition, and whether the description tells it."""
    return entry_page(request, get_object_or_404(Incident, pk=incident), "incident")


@require_POST
@requires(Permission.LEDGER_CHANGE)
def decide(request: PageRequest, organization: str, incident: UUID) -> HttpResponse:
    """Decide whether the description tells it."""
    return entry_page(request, get_object_or_404(Incident, pk=incident), "incident")


@requires(Permission.LEDGER_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Write an incident down."""
    return form_page(request, "incident", IncidentForm, None, services.record_incident)


@requires(Permission.LEDGER_CHANGE)
def change(request: PageRequest, organization: str, incident: UUID) -> HttpResponse:
    """Put an incident right."""
    found = get_object_or_404(Incident, pk=incident)
    return form_page(request, "incident", IncidentForm, found, partial(services.change_incident, incident=found))
