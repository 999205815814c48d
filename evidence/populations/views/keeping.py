"""Stating a population, and changing what is said of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from controls.models import Control, Implementation

from ..catalogue import Template, template
from ..forms import PopulationForm, present, starting
from ..models import Population
from ..selectors import controls_served
from ..services.keep import add_population, change_population
from .finding import population_or_404


@requires(Permission.EVIDENCE_PROVIDE)
def add(request: PageRequest, organization: str, population_template: str) -> HttpResponse:
    """State a population of a template."""
    kind = template(population_template)
    if kind is None:
        raise Http404("There is no such template.")
    form = PopulationForm(sent(request), template=kind, initial=starting(kind))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_population(actor=request.actor, template=kind.key, **form.wanted)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{made.ref} is kept from now on. Freeze its first version.")
            return redirect("populations:population", organization, made.pk)
    return _page(request, kind, form)


@requires(Permission.EVIDENCE_PROVIDE)
def change(request: PageRequest, organization: str, population: UUID) -> HttpResponse:
    """Change what is said of a population."""
    found = population_or_404(population)
    if found.kind is None:
        raise Http404("The template of this population is gone.")
    form = PopulationForm(sent(request), template=found.kind, initial=present(found, controls_served(found)))
    if request.method == "POST" and form.is_valid():
        try:
            change_population(actor=request.actor, population=found, **form.wanted)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{found.ref} was changed. What is frozen stays as it was.")
            return redirect("populations:population", organization, found.pk)
    return _page(request, found.kind, form, found)


def _page(request: PageRequest, kind: Template, form: PopulationForm, found: Population | None = None) -> HttpResponse:
    controls = Control.objects.exclude(implementation=Implementation.RETIRED).order_by("ref").values_list("ref", "title")
    context = {"kind": kind, "form": form, "population": found, "controls": controls}
    return render(request, "populations/keep.html", context, status=422 if form.errors else 200)
