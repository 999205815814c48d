"""One system of the scope register."""

from __future__ import annotations

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

from .. import selectors, services
from ..forms import DecisionForm, SystemForm
from ..models import System
from ..services.scope import EDITABLE

#: How many flows the page of a system shows; the list of flows has them all.
MOST_FLOWS = 50


@requires(Permission.SCOPE_VIEW)
def system(request: PageRequest, organization: str, system: UUID) -> HttpResponse:
    """A system: what it is, who saw it, and every decision on it."""
    found = _system(system)
    return render(request, "registers/system.html", _page(found, DecisionForm()))


@require_POST
@requires(Permission.SCOPE_DECIDE)
def decide(request: PageRequest, organization: str, system: UUID) -> HttpResponse:
    """Decide in or out."""
    found = _system(system)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.decide_scope(actor=request.actor, system=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} is {'in' if found.decision == 'in' else 'out of'} scope.")
            return redirect("registers:system", organization, found.pk)
    return render(request, "registers/system.html", _page(found, form), status=422)


@requires(Permission.SCOPE_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Enter a system by hand."""
    form = SystemForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_system(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.ref} was entered. It counts as in scope until somebody decides.")
            return redirect("registers:system", organization, added.pk)
    return render(request, "registers/system_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SCOPE_CHANGE)
def change(request: PageRequest, organization: str, system: UUID) -> HttpResponse:
    """Change what is known of a system."""
    found = _system(system)
    initial = {name: getattr(found, name) for name in EDITABLE if name != "services"}
    initial["services"] = [link.service_id for link in found.service_links.all()]
    form = SystemForm(sent(request), system=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_system(actor=request.actor, system=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed.")
            return redirect("registers:system", organization, found.pk)
    context = {"form": form, "system": found}
    return render(request, "registers/system_form.html", context, status=422 if form.errors else 200)


def _system(identifier: UUID) -> System:
    return get_object_or_404(System.objects.select_related("owner"), pk=identifier)


def _page(found: System, form: DecisionForm) -> dict[str, object]:
    words = selectors.data_classes()
    return {
        "system": found, "form": form, "decisions": selectors.scope_decisions(found), "services": found.services.all(),
        "holds": [words.get(each, each) for each in found.data_classes], "flows": selectors.flows_of(found)[:MOST_FLOWS],
    }  # fmt: skip
