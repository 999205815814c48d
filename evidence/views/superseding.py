"""Saying that a newer version takes the place of an older one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..forms_of_versions import SupersedeForm
from ..services.supersede import supersede_version
from .finding import version_or_404


@requires(Permission.EVIDENCE_REVIEW)
def supersede(request: PageRequest, organization: str, version: UUID) -> HttpResponse:
    """Choose the newer version and say why. The older one stays, with what was decided of it."""
    found = version_or_404(version)
    form = SupersedeForm(request.POST if request.method == "POST" else None, version=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = supersede_version(actor=request.actor, version=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Version {made.by.number} supersedes version {found.number}.")
            return redirect("evidence:artefact", organization, found.artefact_id)
    return render(request, "log/supersede.html", {"version": found, "form": form}, status=422 if form.errors else 200)
