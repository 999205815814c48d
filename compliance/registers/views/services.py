"""What customers get from the organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import ServiceForm
from ..models import Service
from ..services.landscape import SERVICE_FIELDS


@requires(Permission.SCOPE_VIEW)
def services_page(request: PageRequest, organization: str) -> HttpResponse:
    """Every service, with how many systems are named for it."""
    page = keyset_page(selectors.services_of_customers(), order=("id",), cursor=request.GET.get("cursor", ""))
    return render(request, "registers/services.html", {"page": page})


@requires(Permission.SCOPE_CHANGE)
def add_service(request: PageRequest, organization: str) -> HttpResponse:
    """Enter a service."""
    form = ServiceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_service(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.ref} was entered. Name the systems that serve it in the register.")
            return redirect("registers:services", organization)
    return render(request, "registers/service_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def change_service(request: PageRequest, organization: str, service: UUID) -> HttpResponse:
    """Change what is known of a service, or end it."""
    found = get_object_or_404(Service.objects.select_related("owner"), pk=service)
    form = ServiceForm(sent(request), initial={name: getattr(found, name) for name in SERVICE_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_service(actor=request.actor, service=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed.")
            return redirect("registers:services", organization)
    context = {"form": form, "service": found}
    return render(request, "registers/service_form.html", context, status=422 if form.errors else 200)
