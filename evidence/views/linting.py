"""Answering what the lint found of a version."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from ..forms import AnswerForm
from ..reading.models import LintFinding
from ..reading.services import answer_finding
from .artefacts import artefact_page
from .providing import PROVIDERS


@require_POST
@requires(*PROVIDERS)
def answer(request: PageRequest, organization: str, lint_finding: UUID) -> HttpResponse:
    """Say why it is right all the same: whoever brought the version, or who provides evidence for all."""
    found = get_object_or_404(LintFinding.objects.select_related("version__artefact"), pk=lint_finding)
    version = found.version
    if version.provided_by_id != request.membership.pk and not may(request, Permission.EVIDENCE_PROVIDE):
        raise PermissionDenied("What was found is answered by who brought the version.")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return artefact_page(request, version.artefact, status=422, version=version, answered=found.pk, answer_form=form)
    answer_finding(actor=request.actor, finding=found, text=form.cleaned_data["text"], member=request.membership)
    messages.success(request, "Your answer is kept beside what was found.")
    return redirect("evidence:artefact", organization, version.artefact_id)
