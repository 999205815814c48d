"""Where a programme stands, and what will hurt next."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today

from ..beginning import steps
from ..page import page_of
from ..selectors import standing_of


@requires(Permission.DASHBOARD_VIEW, Permission.WORK_VIEW)
def dashboard(request: PageRequest, organization: str) -> HttpResponse:
    """The dashboard of one programme, `?programme=` or the first; whoever may not see it has their work instead."""
    if not may(request, Permission.DASHBOARD_VIEW):
        return redirect("readiness:work", organization)
    day = today(request.organization.timezone)
    reading = standing_of(request.GET.get("programme", ""), day)
    if reading is None:
        raise Http404("No programme under way has this id.")
    if not reading.can_be_shown:
        return render(request, "readiness/beginning.html", {"steps": steps(request), "figures_at": reading.computed_at})
    return render(request, "readiness/dashboard.html", page_of(reading, day, reads_trail=may(request, Permission.TRAIL_VIEW)))
