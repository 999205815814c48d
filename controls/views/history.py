"""What a control stated: its versions with what each changed, and how it stood on a day."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page

from ..forms_of_reach import OnForm
from ..history import LABELS, changes_between, design_on, in_words, lines_of, version_in_force, versions_of
from ..models import ControlVersion, DesignConclusion
from .control import find

#: Versions on one page: statements are long, and each is shown with what it changed.
_SIZE = 15


@require_GET
@requires(Permission.CONTROL_VIEW)
def history(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Every version, newest first, a page at a time, with the conclusions that were drawn on it."""
    found = find(control)
    page = keyset_page(versions_of(found), order=("-number",), cursor=request.GET.get("cursor", ""), size=_SIZE)
    context = {
        "control": found, "page": page, "rows": _rows(page.rows), "form": OnForm(initial={"on": _today(request)}),
    }  # fmt: skip
    return render(request, "controls/history.html", context)


def _rows(versions: list[ControlVersion]) -> list[dict[str, Any]]:
    """Each version with what it changed and what was concluded on it. Two queries."""
    by_number = {each.number: each for each in versions}
    if versions:
        last = versions[-1]
        before = ControlVersion.objects.filter(control_id=last.control_id, number=last.number - 1)
        by_number |= {each.number: each for each in before}
    concluded = defaultdict(list)
    for each in DesignConclusion.objects.filter(version__in=versions).order_by("id"):
        concluded[each.version_id].append(each)
    return [
        {"version": each, "conclusions": concluded[each.pk], "changes": _changes(by_number.get(each.number - 1), each)}
        for each in versions
    ]


def _changes(before: ControlVersion | None, after: ControlVersion) -> list[Any]:
    return list(changes_between(before.stated, after.stated, after.changed)) if before else []


@require_GET
@requires(Permission.CONTROL_VIEW)
def as_it_stood(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """The version that was in force at the end of a day, whole."""
    found, form = find(control), OnForm({"on": request.GET.get("on") or _today(request)})
    version = version_in_force(found, form.cleaned_data["on"]) if form.is_valid() else None
    newest = versions_of(found).first()
    context = {
        "control": found, "form": form, "version": version, "newest": newest, "on": form.cleaned_data.get("on"),
        "first": versions_of(found).last() if version is None else None,
        "stated": _stated(version) if version else [],
        "design": design_on(found, version, form.cleaned_data["on"]) if version else None,
    }  # fmt: skip
    return render(request, "controls/as_it_stood.html", context, status=422 if form.errors else 200)


def _stated(version: ControlVersion) -> list[dict[str, Any]]:
    """Everything that a version states, in reading order; the long ones as lines."""
    values = version.stated
    return [
        {"label": label, "lines": str(values.get(name) or "").splitlines() if name == "statement" else lines_of(name, values.get(name))}
        if name in {"statement", "test_procedures"}
        else {"label": label, "said": in_words(name, values.get(name))}
        for name, label in LABELS.items()
        if name not in {"title"}
    ]


def _today(request: PageRequest) -> str:
    return today(request.organization.timezone).isoformat()
