"""Every requirement of a programme with its state, and every reason why it is not ready."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ..forms import RequirementFilter
from ..judged import listing_of
from ..selectors import reading_of


@requires(Permission.DASHBOARD_VIEW)
def requirements(request: PageRequest, organization: str) -> HttpResponse:
    """The requirements of one programme, narrowed by state and series."""
    reading = reading_of(request.GET.get("programme", ""))
    if reading is None:
        raise Http404("No programme under way has this id.")
    if reading.programme is None:
        return redirect("readiness:dashboard", organization)
    rows = reading.programme["requirements"]
    form = RequirementFilter(request.GET, programmes=reading.programmes, series=dict.fromkeys(row["series"] for row in rows))
    listing = listing_of(reading, form.asked)
    return render(request, "readiness/requirements.html", {"filter": form, "reading": reading, "listing": listing})
