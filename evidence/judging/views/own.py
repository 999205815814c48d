"""Checks of one's own: the list, the editor with its live result, switching off and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.own import OwnCheckForm, initial_of
from ..models import CustomCheck
from ..own import newest_versions
from ..selectors import check_states
from ..services import own as services
from ..trial import Trial, fault_in, try_out


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def own(request: PageRequest, organization: str) -> HttpResponse:
    """Every check that the organisation wrote itself, with how it stands."""
    found = newest_versions(enabled=False)
    ids = [each.custom_check.check_id for each in found]
    worst: dict[str, list[str]] = {}
    for check_id, outcome in check_states().filter(check_id__in=ids).order_by().values_list("check_id", "outcome"):
        worst.setdefault(check_id, []).append(outcome)
    order = ("fail", "unknown", "excepted", "pass", "not_applicable")
    rows = [(each, next((o for o in order if o in worst.get(each.custom_check.check_id, ())), "")) for each in found]
    return render(request, "judging/own.html", {"rows": rows})


@requires(Permission.CHECK_CHANGE)
def write(request: PageRequest, organization: str) -> HttpResponse:
    """Write a new one."""
    form = OwnCheckForm(sent(request))
    return _edit(request, form, None, lambda **fields: services.write_check(**fields))


@requires(Permission.CHECK_CHANGE)
def change(request: PageRequest, organization: str, own_check: UUID) -> HttpResponse:
    """The next version of one."""
    found = get_object_or_404(CustomCheck, pk=own_check)
    newest = found.versions.order_by("-number").first()
    form = OwnCheckForm(sent(request), own=True, initial=initial_of(newest) if newest else {})
    return _edit(request, form, found, lambda **fields: services.change_check(own=found, **fields))


@require_POST
@requires(Permission.CHECK_CHANGE)
def attempt(request: PageRequest, organization: str) -> HttpResponse:
    """What the expressions give on the chosen facts, as they are being written: a fragment of the editor."""
    form = OwnCheckForm(request.POST, own=True)
    form.is_valid()
    return render(request, "judging/_trial.html", {"trial": _trial(form), "form": form})


@require_POST
@requires(Permission.CHECK_CHANGE)
def switch(request: PageRequest, organization: str, own_check: UUID) -> HttpResponse:
    """Disable it where it is enabled, and enable it where it is not."""
    found = get_object_or_404(CustomCheck, pk=own_check)
    if request.POST.get("to") == "off":
        services.disable_check(actor=request.actor, own=found)
        messages.success(request, f"{found.check_id} is judged no more. What it found stays.")
    else:
        services.enable_check(actor=request.actor, own=found)
        messages.success(request, f"{found.check_id} is judged again.")
    return redirect("checks:own", organization)


def _edit(
    request: PageRequest, form: OwnCheckForm, found: CustomCheck | None, save: Callable[..., CustomCheck]
) -> HttpResponse:
    trial: Trial | None = None
    if request.method == "POST" and request.POST.get("try"):
        form.is_valid()
        trial = _trial(form)
        form.errors.clear()
        if trial and trial.fault:
            form.add_error(trial.fault.expression, str(trial.fault))
    elif request.method == "POST" and not form.is_valid():
        _tell_fault(form)
    elif request.method == "POST":
        try:
            saved = save(actor=request.actor, member=request.membership, **form.saved())
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{saved.check_id} is saved and judged now. All its examples gave what they should.")
            return redirect("checks:check", request.organization.slug, saved.check_id)
    context: dict[str, Any] = {"form": form, "own": found, "trial": trial}
    return render(request, "judging/own_form.html", context, status=422 if form.errors else 200)


def _tell_fault(form: OwnCheckForm) -> None:
    """Beside what is missing, an expression that cannot be read: whoever wrote it is not sent back twice."""
    fault = fault_in(form.expressions())
    if fault and not form.has_error(fault.expression):
        form.add_error(fault.expression, str(fault))


def _trial(form: OwnCheckForm) -> Trial | None:
    """The trial that the form asks for; None where it chooses no facts."""
    connection, kind = form.cleaned_data.get("connection"), form.cleaned_data.get("fact_kind")
    expressions = form.expressions()
    if connection is None or not kind or not expressions["passes"].strip():
        return None
    return try_out(expressions, kind, connection, form.cleaned_data.get("day"))
