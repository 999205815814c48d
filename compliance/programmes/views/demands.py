"""Who asked for a report, and what would satisfy them."""

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

from .. import selectors, services
from ..forms_of_parts import DemandForm
from ..services.selection import DEMAND_FIELDS
from .finding import find_programme, told


@requires(Permission.PROGRAMME_CHANGE)
def add(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Note that somebody asked."""
    found = find_programme(programme)
    form = DemandForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_demand(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("programmes:selection", organization, found.pk)
    context = {"programme_shown": found, "form": form, "demand": None}
    return render(request, "programmes/demand.html", context, status=422 if form.errors else 200)


@requires(Permission.PROGRAMME_CHANGE)
def change(request: PageRequest, organization: str, programme: UUID, demand: UUID) -> HttpResponse:
    """Change what was asked."""
    found = find_programme(programme)
    asked = get_object_or_404(selectors.demands(found), pk=demand)
    form = DemandForm(sent(request), initial={name: getattr(asked, name) for name in DEMAND_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_demand(actor=request.actor, demand=asked, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("programmes:selection", organization, found.pk)
    context = {"programme_shown": found, "form": form, "demand": asked}
    return render(request, "programmes/demand.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PROGRAMME_CHANGE)
def remove(request: PageRequest, organization: str, programme: UUID, demand: UUID) -> HttpResponse:
    """Take a demand out."""
    found = find_programme(programme)
    asked = get_object_or_404(selectors.demands(found), pk=demand)
    try:
        services.remove_demand(actor=request.actor, demand=asked)
    except ValidationError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, f"What {asked.asked_by} asked for is taken out; the trail keeps it.")
    return redirect("programmes:selection", organization, found.pk)
