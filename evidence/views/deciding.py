"""Another person's judgement of a version."""

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

from ..forms import DecisionForm
from ..models import Acceptance
from ..services.decide import decide_version
from .artefacts import artefact_page
from .finding import version_or_404


@require_POST
@requires(Permission.EVIDENCE_REVIEW)
def decide(request: PageRequest, organization: str, version: UUID) -> HttpResponse:
    """Approve a version or return it with a reason. Never the one who brought it."""
    found, form = version_or_404(version), DecisionForm(request.POST)
    if form.is_valid():
        try:
            decide_version(actor=request.actor, version=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            done = "approved" if form.cleaned_data["acceptance"] == Acceptance.APPROVED else "returned"
            messages.success(request, f"{found.artefact.ref} version {found.number} was {done}.")
            return redirect("evidence:artefact", organization, found.artefact_id)
    return artefact_page(request, found.artefact, status=422, version=found, decision_form=form)
