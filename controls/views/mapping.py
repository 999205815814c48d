"""Saying which requirements a control meets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ..forms import MappingForm
from ..models import Mapping
from ..services.mapping import map_control, unmap_control
from .control import control_page, find


@require_POST
@requires(Permission.CONTROL_CHANGE)
def add(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Map a control to a requirement, or change the part that it meets."""
    found, form = find(control), MappingForm(request.POST)
    if not form.is_valid():
        return control_page(request, found, status=422, mapping_form=form)
    requirement = form.cleaned_data["requirement"]
    map_control(actor=request.actor, control=found, requirement=requirement, part=form.cleaned_data["part"])
    messages.success(request, f"{found.ref} is mapped to {requirement.ref}.")
    return redirect("controls:control", organization, found.pk)


@require_POST
@requires(Permission.CONTROL_CHANGE)
def remove(request: PageRequest, organization: str, mapping: UUID) -> HttpResponse:
    """Take a mapping away."""
    found = get_object_or_404(Mapping.objects.select_related("control", "requirement"), pk=mapping)
    unmap_control(actor=request.actor, mapping=found)
    messages.success(request, f"{found.control.ref} no longer counts for {found.requirement.ref}.")
    return redirect("controls:control", organization, found.control_id)
