"""Saying what a control must show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from controls.models import Control

from ..forms import ChangedRequirementForm, RequirementForm
from ..models import EvidenceRequirement
from ..services.require import add_requirements, change_requirement
from ..thresholds import as_lines
from .finding import requirement_or_404

_FIELDS = (
    "title", "artefact", "format", "cadence", "span", "source", "checks", "owner", "first_due", "kind", "items", "naming",
    "steps", "template", "population_template",
)  # fmt: skip


@requires(Permission.CONTROL_CHANGE)
def add(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Ask one more thing of a control."""
    found = get_object_or_404(Control.objects.select_related("owner"), pk=control)
    form = RequirementForm(sent(request), initial={"cadence": found.frequency or "quarterly", "source": "person"})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data | {"key": _free_key(found, form.cleaned_data["title"])}
        added = add_requirements(actor=request.actor, wanted=[(found, fields)])[0]
        messages.success(request, f"{added.ref} is asked of {found.ref} from now on.")
        return redirect("evidence:requirement", organization, added.pk)
    return _form_page(request, form, control=found)


@requires(Permission.CONTROL_CHANGE)
def change(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """Change what is asked."""
    found = requirement_or_404(requirement)
    form = ChangedRequirementForm(sent(request), initial=_as_it_is(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_requirement(actor=request.actor, requirement=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed.")
            return redirect("evidence:requirement", organization, found.pk)
    return _form_page(request, form, control=found.control, requirement=found)


def _as_it_is(found: EvidenceRequirement) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _FIELDS} | {"thresholds": as_lines(found.thresholds)}


def _form_page(request: PageRequest, form: RequirementForm, **more: Any) -> HttpResponse:
    context = {"form": form, **more}
    return render(request, "evidence/requirement_form.html", context, status=422 if form.errors else 200)


def _free_key(control: Control, title: str) -> str:
    """A key of its own among the requirements of one control."""
    base = slugify(title)[:50] or "evidence"
    taken = set(EvidenceRequirement.objects.filter(control=control, key__startswith=base).values_list("key", flat=True))
    return next(
        key for number in range(1, len(taken) + 2) if (key := base if number == 1 else f"{base}-{number}") not in taken
    )
