"""Changing many controls: tick them, choose what to set, look at what it does, and do it. Nothing is kept in between:
each page carries what the one before it chose."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.queries import changed

from .. import selectors
from ..models import Control
from ..row_forms import ManyForm, said
from ..services.change import ChangedMeanwhileError
from ..services.change_many import MOST, Intended, Plan, change_many, plan_many
from .reading import read

_LABELS = {
    "owner": "Owner", "frequency": "Cadence", "implementation": "In place", "starts_on": "In place since", "key": "Weight",
}  # fmt: skip
_REF = re.compile(r"[\w.-]{1,12}")


@require_POST
@requires(Permission.CONTROL_CHANGE)
def change_ticked(request: PageRequest, organization: str) -> HttpResponse:
    """The three steps of one change: `step` is empty (choose what to set), `look` (what it would do) or `apply`."""
    refs = _chosen(request)
    if not refs or len(refs) > MOST:
        said_of = f"At most {MOST} controls are changed at once; these are {len(refs)}." if refs else "Tick the controls to change first."
        messages.error(request, said_of)
        return redirect(_back(request, organization))
    controls = list(selectors.controls().filter(ref__in=refs))
    step = request.POST.get("step", "")
    form = ManyForm(request.POST if step in ("look", "apply", "again") else None)
    if step not in ("look", "apply") or not form.is_valid():
        return _page(request, organization, controls, form, status=422 if step in ("look", "apply") else 200)
    if step == "look":
        return _page(request, organization, controls, form, plan=plan_many(controls, form.changes))
    return _apply(request, organization, controls, form)


def _apply(request: PageRequest, organization: str, controls: list[Control], form: ManyForm) -> HttpResponse:
    try:
        plan = change_many(actor=request.actor, controls=controls, seen=request.POST.get("seen", ""), **form.changes)
    except ChangedMeanwhileError as conflict:
        note, status = " ".join(conflict.messages), 409
    except ValidationError as error:
        note, status = f"Nothing was written. {' '.join(error.messages)}", 422
    else:
        done = "One control was" if len(plan.changed) == 1 else f"{len(plan.changed)} controls were"
        messages.success(request, f"{done} changed.")
        return redirect(_back(request, organization))
    again = list(selectors.controls().filter(ref__in=[each.ref for each in controls]))
    return _page(request, organization, again, form, plan=plan_many(again, form.changes), note=note, status=status)


def _chosen(request: PageRequest) -> list[str]:
    """References that were ticked, or carried from the step before; with `all`, those of every control that the filters
    show."""
    if request.POST.get("all"):
        return sorted(read(request).matrix.controls_shown)
    ticked = [*request.POST.getlist("controls"), *request.POST.get("chosen", "").split()]
    return sorted({ref for ref in ticked if _REF.fullmatch(ref)})


def _page(
    request: PageRequest, organization: str, controls: list[Control], form: ManyForm, *,
    plan: Plan | None = None, note: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "controls": controls, "chosen": " ".join(each.ref for each in controls), "form": form, "plan": plan, "note": note,
        "rows": [_told(each) for each in plan.changed] if plan else [], "back": _back(request, organization),
        "anew": sum(each.concludes_anew for each in plan.changed) if plan else 0,
    }  # fmt: skip
    return render(request, "controls/change_many.html", context, status=status)


def _told(intended: Intended) -> tuple[Control, list[tuple[str, str, str]]]:
    lines = [(_LABELS[name], said(name, before), said(name, after)) for name, before, after in intended.differing]
    return intended.control, lines


def _back(request: PageRequest, organization: str) -> str:
    """The matrix as it was, with its rows still open to be ticked."""
    query = changed(request.GET, {"edit": None, "under": None, "at": None, "mode": "edit", "page": request.GET.get("page")})
    return f"{reverse('controls:matrix', args=[organization])}{query}"
