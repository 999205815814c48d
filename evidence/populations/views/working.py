"""Working through a version: steps, differences, and the confirmation by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..checklist import Result
from ..forms import MismatchForm, NoteForm, StepForm
from ..models import Mismatch, PopulationVersion
from ..services.authority import RULERS
from ..services.work_through import answer_step, confirm_version, decide_mismatch, withdraw_confirmation
from .bringing import KEEPERS
from .finding import kept_or_403, version_or_404
from .reading import version_page


@require_POST
@requires(*KEEPERS)
def answer(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """Say how a step stands."""
    found = version_or_404(population_version)
    kept_or_403(request, found.population_id)
    form = StepForm(request.POST)
    if form.is_valid():
        asked = dict(form.cleaned_data)
        asked["result"] = asked["result"] or Result.HOLDS
        try:
            answer_step(actor=request.actor, version=found, **asked | {"evidence": form.found})
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It is recorded.")
            return redirect(f"{reverse('populations:version', args=[organization, found.pk])}#step-{asked['step']}")
    return version_page(request, found, status=422, step_form=form)


@require_POST
@requires(*RULERS)
def decide(request: PageRequest, organization: str, mismatch: UUID) -> HttpResponse:
    """Decide what a difference of the two lists is; then on with the others, where the list was."""
    row = get_object_or_404(Mismatch.objects.select_related("version__population"), pk=mismatch)
    form = MismatchForm(request.POST, auto_id=f"id_{row.pk.hex[-8:]}_%s")
    if form.is_valid():
        try:
            decide_mismatch(actor=request.actor, mismatch=row, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{row}: decided.")
            where = f"?{request.GET.urlencode()}" if request.GET else ""
            return redirect(f"{reverse('populations:version', args=[organization, row.version_id])}{where}#second")
    return version_page(request, version_or_404(row.version_id), status=422, mismatch_form=form, mismatch=row.pk)


@require_POST
@requires(Permission.EVIDENCE_REVIEW)
def confirm(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """Confirm a version as complete and accurate."""

    def deed(version: PopulationVersion, note: str) -> str:
        confirm_version(actor=request.actor, version=version, note=note)
        return f"{version} is confirmed. Samples may be drawn from it."

    return _by_note(request, population_version, deed)


@require_POST
@requires(Permission.EVIDENCE_REVIEW)
def withdraw(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """Take a confirmation back."""

    def deed(version: PopulationVersion, note: str) -> str:
        withdraw_confirmation(actor=request.actor, version=version, reason=note)
        return f"The confirmation of {version} is withdrawn."

    return _by_note(request, population_version, deed)


def _by_note(request: PageRequest, pk: UUID, deed: Callable[[PopulationVersion, str], str]) -> HttpResponse:
    """What is done to a version with a note; `deed` says what to tell of it."""
    found, form = version_or_404(pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            said = deed(found, form.cleaned_data["note"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect("populations:version", request.organization.slug, found.pk)
    return version_page(request, found, status=422, note_form=form)
