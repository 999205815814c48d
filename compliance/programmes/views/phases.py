"""The dates of a programme's phases."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import PhasesForm
from ..models import PhaseKind
from ..phasing import Span, propose


@requires(Permission.PROGRAMME_CHANGE)
def phases(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Set the dates by hand; `?propose=1` fills in what working back from fieldwork gives today."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    plan = None
    if found.fieldwork_start:
        plan = propose(
            fieldwork_start=found.fieldwork_start, fieldwork_end=found.fieldwork_end,
            today=today(request.organization.timezone),
        )  # fmt: skip
    present = {PhaseKind(phase.kind): Span(phase.starts_on, phase.ends_on) for phase in selectors.phases(found)}
    proposed = plan is not None and ("propose" in request.GET or not present)
    form = PhasesForm(sent(request), spans=dict(plan.spans) if plan and proposed else present)
    if request.method == "POST" and form.is_valid():
        services.change_phases(actor=request.actor, programme=found, spans=form.spans())
        messages.success(request, "The phases have their new dates.")
        return redirect("programmes:programme", organization, found.pk)
    context = {"form": form, "programme_shown": found, "plan": plan, "proposed": proposed}
    return render(request, "programmes/phases.html", context, status=422 if form.errors else 200)
