"""Writing a control, changing it, retiring it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms import ControlForm, RetireForm, TestProcedures, procedures_of
from ..models import Control
from ..services.add import add_control
from ..services.change import (
    EDITABLE,
    ChangedMeanwhileError,
    change_control,
    fingerprint,
    reinstate_control,
    retire_control,
)
from .control import find


@requires(Permission.CONTROL_CHANGE)
def add(request: PageRequest, organization: str) -> HttpResponse:
    """Write a control of one's own."""
    form, tests = ControlForm(sent(request)), TestProcedures(sent(request), prefix="tests")
    if request.method == "POST" and form.is_valid() and tests.is_valid():
        try:
            added = add_control(actor=request.actor, **form.cleaned_data, test_procedures=procedures_of(tests))
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{added.ref} was added. Map it to what it meets, and say what it must show.")
            return redirect("controls:control", organization, added.pk)
    return _form_page(request, form, tests)


@requires(Permission.CONTROL_CHANGE)
def change(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Change a control as it is stated."""
    found = find(control)
    initial = {name: getattr(found, name) for name in EDITABLE} | {"seen": fingerprint(found)}
    form = ControlForm(sent(request), control=found, initial=initial)
    tests = TestProcedures(sent(request), prefix="tests", initial=found.test_procedures)
    if request.method == "POST" and form.is_valid() and tests.is_valid():
        try:
            changed = change_control(
                actor=request.actor, control=found, **form.cleaned_data, test_procedures=procedures_of(tests)
            )
        except ChangedMeanwhileError as conflict:
            return _form_page(request, form, tests, control=found, conflict=" ".join(conflict.messages), status=409)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _said(found, changed))
            return redirect("controls:control", organization, found.pk)
    return _form_page(request, form, tests, control=found)


def _said(before: Control, after: Control) -> str:
    if before.design != after.design:
        return f"{after.ref} was changed. Its design has to be concluded on again."
    return f"{after.ref} was changed."


def _form_page(request: PageRequest, form: ControlForm, tests: Any, *, status: int = 0, **more: Any) -> HttpResponse:
    wrong = bool(form.errors) or (tests.is_bound and not tests.is_valid())
    return render(
        request, "controls/form.html", {"form": form, "tests": tests, **more}, status=status or (422 if wrong else 200)
    )


@requires(Permission.CONTROL_CHANGE)
def retire(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Take a control out of use, with the reason."""
    found, form = find(control), RetireForm(sent(request))
    if request.method == "POST" and form.is_valid():
        retire_control(actor=request.actor, control=found, reason=form.cleaned_data["reason"])
        messages.success(
            request,
            f"{found.ref} is retired. What it showed stays; it counts for nothing from now on, unless it is taken up again: "
            "then the days between count as well.",
        )
        return redirect("controls:control", organization, found.pk)
    context = {"form": form, "control": found}
    return render(request, "controls/retire.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_CHANGE)
def reinstate(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Take a retired control up again."""
    found = reinstate_control(actor=request.actor, control=find(control))
    messages.success(request, f"{found.ref} is taken up again. The days on which it stood as retired count. Say when it is in place.")
    return redirect("controls:control", organization, found.pk)
