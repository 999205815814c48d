"""Pointing at a source where there is no capture yet."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms import SourceForm
from ..services.authority import may_provide
from ..services.point import point_at_source
from .finding import requirement_or_404
from .providing import PROVIDERS


@requires(*PROVIDERS)
def point(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """Say where something can be seen. It counts once a capture of it is brought."""
    found = requirement_or_404(requirement)
    if not may_provide(request.membership, found):
        raise PermissionDenied("This evidence is brought by who owns the requirement or its control.")
    form = SourceForm(sent(request), today=today(request.organization.timezone), initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        try:
            artefact = point_at_source(actor=request.actor, requirement=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{artefact.ref} points at the source. It counts once a capture of it is brought.")
            return redirect("evidence:artefact", organization, artefact.pk)
    return render(
        request, "evidence/point.html", {"form": form, "requirement": found}, status=422 if form.errors else 200
    )
