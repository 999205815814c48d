"""Warnings of scope: the list, one of them, and the decision to leave it as it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.registers.models import System
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors, services
from ..forms import DecisionForm, WarningFilter, WithdrawForm
from ..lines import lines, place_of, why_of
from ..models import ScopeWarning, Severity, State


@requires(Permission.SCOPE_VIEW)
def warnings(request: PageRequest, organization: str) -> HttpResponse:
    """What the rules say, the worst first: open unless another state is asked for."""
    chosen = WarningFilter(request.GET)
    asked = chosen.asked
    found = selectors.warnings(
        state=asked.get("state") or State.OPEN, rule=asked.get("rule", ""), severity=asked.get("severity", ""),
        system=asked.get("system", ""), programme=chosen.programmes.get(asked.get("programme", "")),
    )  # fmt: skip
    page = keyset_page(found, order=("rank", "rule", "id"), cursor=request.GET.get("cursor", ""))
    counts = selectors.severity_counts(selectors.warnings())
    return render(
        request, "scoping/warnings.html",
        {
            "filter": chosen, "page": page, "lines": lines(page), "asked": asked,
            "severities": [(each.value, counts[each.value]) for each in Severity],
        },
    )  # fmt: skip


@requires(Permission.SCOPE_VIEW)
def of_system(request: PageRequest, organization: str, system: UUID) -> HttpResponse:
    """The fragment on a system's page: its open warnings and its check lists. By itself it is no page."""
    found = get_object_or_404(System, pk=system)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('scoping:warnings', args=[organization])}?system={quote(found.ref)}")
    return render(
        request, "scoping/_of_system.html",
        {
            "system": found, "lines": lines(selectors.warnings(system=found.ref)),
            "check_lists": list(selectors.check_lists(system=found, open_only=True)),
        },
    )  # fmt: skip


@requires(Permission.SCOPE_VIEW)
def warning(request: PageRequest, organization: str, scope_warning: UUID) -> HttpResponse:
    """One warning: what is wrong, what settles it, and every decision on it."""
    found = _found(scope_warning)
    form = WithdrawForm() if found.state == State.DECIDED else DecisionForm()
    return _show(request, found, form)


@require_POST
@requires(Permission.SCOPE_DECIDE)
def decide(request: PageRequest, organization: str, scope_warning: UUID) -> HttpResponse:
    """Leave it as it is, with a reason and a day."""
    found = _found(scope_warning)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            decided = services.decide_warning(actor=request.actor, warning=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Left as it is until {decided.review_on:%-d %b %Y}, or until the facts change.")
            return redirect("scoping:warning", organization, found.pk)
    return _show(request, found, form, status=422)


@require_POST
@requires(Permission.SCOPE_DECIDE)
def withdraw(request: PageRequest, organization: str, scope_warning: UUID) -> HttpResponse:
    """Take the decision back."""
    found = _found(scope_warning)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw_decision(actor=request.actor, warning=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The decision was taken back. The warning is open again.")
            return redirect("scoping:warning", organization, found.pk)
    return _show(request, found, form, status=422)


def _found(identifier: UUID) -> ScopeWarning:
    return get_object_or_404(ScopeWarning.objects.select_related("system", "programme"), pk=identifier)


def _show(request: PageRequest, found: ScopeWarning, form: Form, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "warning": found, "form": form, "why": why_of(found), "place": place_of(found),
        "decisions": selectors.decisions(found), "withdraws": isinstance(form, WithdrawForm),
    }  # fmt: skip
    return render(request, "scoping/warning.html", context, status=status)
