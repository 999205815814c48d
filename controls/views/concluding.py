"""What somebody other than the owner says of a control."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..forms import DesignForm, PopulationForm
from ..services.conclude import conclude_design, confirm_population
from .control import control_page, find


@require_POST
@requires(Permission.CONTROL_CONCLUDE)
def conclude(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Conclude whether the design is suitable."""
    found, form = find(control), DesignForm(request.POST)
    if form.is_valid():
        try:
            conclude_design(actor=request.actor, control=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The conclusion on the design of {found.ref} is recorded.")
            return redirect("controls:control", organization, found.pk)
    return control_page(request, found, status=422, design_form=form)


@require_POST
@requires(Permission.CONTROL_CONCLUDE)
def confirm(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Confirm that the population is complete."""
    found, form = find(control), PopulationForm(request.POST)
    if form.is_valid():
        try:
            confirm_population(actor=request.actor, control=found, note=form.cleaned_data["note"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"The population of {found.ref} is confirmed as complete.")
            return redirect("controls:control", organization, found.pk)
    return control_page(request, found, status=422, population_form=form)
