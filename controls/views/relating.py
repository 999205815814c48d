"""Where a control applies, and what stands in for it."""

from __future__ import annotations

from typing import Any
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

from ..forms_of_reach import ApplyForm, CompensationForm, EndCompensationForm
from ..models import Compensation
from ..selectors import services_of, systems_of
from ..services.apply import apply_control
from ..services.compensate import compensate_control, end_compensation
from .control import control_page, find


@requires(Permission.CONTROL_CHANGE)
def apply(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Name the services that a control is for and the systems that it operates on."""
    found = find(control)
    services, systems = list(services_of(found)), list(systems_of(found))
    initial: dict[str, Any] = {"services": [each.pk for each in services], "systems": ", ".join(each.ref for each in systems)}
    form = ApplyForm(sent(request), named=services, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            apply_control(actor=request.actor, control=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Where {found.ref} applies is recorded.")
            return redirect("controls:control", organization, found.pk)
    return render(request, "controls/apply.html", {"control": found, "form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_CHANGE)
def compensate(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Say which control does the work of this one."""
    found, form = find(control), CompensationForm(request.POST)
    if form.is_valid():
        try:
            made = compensate_control(actor=request.actor, control=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{made.by.ref} stands in for {found.ref}. What it is worth shows in its own evidence.")
            return redirect("controls:control", organization, found.pk)
    return control_page(request, found, status=422, compensation_form=form)


@requires(Permission.CONTROL_CHANGE)
def end(request: PageRequest, organization: str, compensation: UUID) -> HttpResponse:
    """A control no longer stands in for another."""
    found = get_object_or_404(Compensation.objects.select_related("control", "by"), pk=compensation)
    form = EndCompensationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        end_compensation(actor=request.actor, compensation=found, reason=form.cleaned_data["reason"])
        messages.success(request, f"{found.by.ref} no longer stands in for {found.control.ref}.")
        return redirect("controls:control", organization, found.control_id)
    context = {"compensation": found, "control": found.control, "form": form}
    return render(request, "controls/end_compensation.html", context, status=422 if form.errors else 200)
