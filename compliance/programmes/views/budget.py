"""The budget of a programme: what each phase is to cost and has cost."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..budgets import by_phase, sums_of
from ..forms_of_parts import BudgetLineForm
from ..services.budget import FIELDS
from .finding import find_programme, told


@require_GET
@requires(Permission.PROGRAMME_VIEW)
def budget(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Plan against actual, by phase."""
    found = find_programme(programme)
    lines = list(selectors.budget_lines(found))
    changing = may(request, Permission.PROGRAMME_CHANGE) and not found.closed_at
    context = {"programme_shown": found, "phases": by_phase(lines), "sums": sums_of(lines), "changing": changing}
    return render(request, "programmes/budget.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def add(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Plan a cost."""
    found = find_programme(programme)
    form = BudgetLineForm(sent(request), initial={"phase": request.GET.get("phase", "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_budget_line(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("programmes:budget", organization, found.pk)
    context = {"programme_shown": found, "form": form, "line": None}
    return render(request, "programmes/budget_line.html", context, status=422 if form.errors else 200)


@requires(Permission.PROGRAMME_CHANGE)
def change(request: PageRequest, organization: str, programme: UUID, budget_line: UUID) -> HttpResponse:
    """Change a cost, or say what it came to."""
    found = find_programme(programme)
    line = get_object_or_404(selectors.budget_lines(found), pk=budget_line)
    form = BudgetLineForm(sent(request), initial={name: getattr(line, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_budget_line(actor=request.actor, line=line, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("programmes:budget", organization, found.pk)
    context = {"programme_shown": found, "form": form, "line": line}
    return render(request, "programmes/budget_line.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PROGRAMME_CHANGE)
def remove(request: PageRequest, organization: str, programme: UUID, budget_line: UUID) -> HttpResponse:
    """Take a line out."""
    found = find_programme(programme)
    line = get_object_or_404(selectors.budget_lines(found), pk=budget_line)
    try:
        services.remove_budget_line(actor=request.actor, line=line)
    except ValidationError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, f"{line.what} is taken out; the trail keeps it.")
    return redirect("programmes:budget", organization, found.pk)
