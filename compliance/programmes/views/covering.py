"""The services that a programme covers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.registers.models import Service
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms_of_parts import ServicesForm
from .finding import find_programme


@require_GET
@requires(Permission.PROGRAMME_VIEW)
def covered(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Every active service, and whether the programme covers it."""
    found = find_programme(programme)
    named = {service.pk for service in selectors.services_covered(found)}
    offered = list(Service.objects.filter(active=True).select_related("owner").order_by("ref"))
    context = {
        "programme_shown": found, "rows": [(service, not named or service.pk in named) for service in offered],
        "all": not named, "changing": may(request, Permission.PROGRAMME_CHANGE) and not found.closed_at,
    }  # fmt: skip
    return render(request, "programmes/services.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def cover(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Choose the services."""
    found = find_programme(programme)
    present = [service.pk for service in selectors.services_covered(found)]
    form = ServicesForm(sent(request), named=present, initial={"services": present})
    if request.method == "POST" and form.is_valid():
        try:
            services.cover_services(actor=request.actor, programme=found, services=list(form.cleaned_data["services"]))
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The services are kept.")
            return redirect("programmes:services", organization, found.pk)
    context = {"programme_shown": found, "form": form}
    return render(request, "programmes/cover.html", context, status=422 if form.errors else 200)
