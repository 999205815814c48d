"""Versions of a statement: submitted, compared, approved, taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.trail.services import record
from compliance.web.attachments import attachment
from compliance.web.documents.versions import CompareForm
from compliance.web.refusals import show_refusal
from compliance.web.workbook import MEDIA_TYPE

from .. import services
from ..differing import between
from ..exporting import Edition, as_pdf, as_workbook, draft_of, edition_of
from ..forms import SubmitForm
from ..models import Statement
from ..narrowing import grouped, sums_of
from ..reading import climate_kept, climate_of, lacks_in_words, present_rows, rows_kept
from ..selectors import versions_of
from ..services.versions import refusal_to_approve
from .finding import find_statement, find_version


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def versions(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Every version, and the form that submits the next."""
    return render(request, "applicability/versions.html", _page(find_statement(request, programme), SubmitForm()))


@require_POST
@requires(Permission.APPLICABILITY_CHANGE)
def submit(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Submit what stands now as a version for somebody else to approve."""
    found, form = find_statement(request, programme), SubmitForm(request.POST)
    if form.is_valid():
        try:
            version = services.submit_statement(actor=request.actor, statement=found, note=form.cleaned_data["note"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            waits = "It lacks something, so it cannot be approved yet." if version.lacks else "It waits for approval."
            messages.success(request, f"Version {version.number} is submitted, and never changes again. {waits}")
            return redirect("applicability:version", organization, programme, version.number)
    return render(request, "applicability/versions.html", _page(found, form), status=422)


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def version(request: PageRequest, organization: str, programme: UUID, number: int) -> HttpResponse:
    """A version as it was submitted."""
    found = find_statement(request, programme)
    kept = find_version(found, number)
    rows = rows_kept(kept)
    context = {
        "programme_shown": found.programme, "version": kept, "climate": climate_of(kept), "groups": grouped(rows), "sums": sums_of(rows),
        "refusal": refusal_to_approve(kept, request.membership), "approval": getattr(kept, "approval", None),
    }  # fmt: skip
    return render(request, "applicability/version.html", context)


@require_POST
@requires(Permission.APPLICABILITY_APPROVE)
def approve(request: PageRequest, organization: str, programme: UUID, number: int) -> HttpResponse:
    """Approve a version that somebody else wrote."""
    kept = find_version(find_statement(request, programme), number)
    try:
        services.approve_version(actor=request.actor, version=kept, approver=request.membership)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Version {kept.number} is approved. What it excludes is out of scope from now on.")
    return redirect("applicability:version", organization, programme, number)


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def compare(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What differs between two versions, or between one and what stands now."""
    found = find_statement(request, programme)
    numbers = list(found.versions.order_by("-number").values_list("number", flat=True))
    form = CompareForm(request.GET or None, numbers=numbers, initial={"before": numbers[:1] and numbers[0], "after": "now"})
    context = {"programme_shown": found.programme, "form": form, "numbers": numbers, "compared": False}
    if form.is_bound and form.is_valid():
        before = find_version(found, int(form.cleaned_data["before"]))
        context |= {"compared": True, "differences": _since(found, before, form.cleaned_data["after"])}
    return render(request, "applicability/compare.html", context, status=422 if form.errors else 200)


def _since(found: Statement, before: Any, asked: str) -> Any:
    if asked == "now":
        return between(rows_kept(before), present_rows(found), before.climate, climate_kept(found))
    after = find_version(found, int(asked))
    return between(rows_kept(before), rows_kept(after), before.climate, after.climate)


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def draft_file(request: PageRequest, organization: str, programme: UUID, ending: str) -> HttpResponseBase:
    """What stands now, marked as a draft."""
    return _file(request, draft_of(find_statement(request, programme)), ending)


@require_GET
@requires(Permission.APPLICABILITY_VIEW)
def version_file(request: PageRequest, organization: str, programme: UUID, number: int, ending: str) -> HttpResponseBase:
    """A version; one that is not approved is marked as a draft."""
    return _file(request, edition_of(find_version(find_statement(request, programme), number)), ending)


def _file(request: PageRequest, edition: Edition, ending: str) -> HttpResponseBase:
    if ending not in {"pdf", "xlsx"}:
        raise Http404
    name = f"{edition.name}.{ending}"
    record(
        actor=request.actor, action="applicability.statement.downloaded", target=edition.statement, label=name,
        after={"filename": name, "standing": edition.stamp or "Approved"},
    )  # fmt: skip
    if ending == "xlsx":
        return FileResponse(as_workbook(edition), as_attachment=True, filename=name, content_type=MEDIA_TYPE)
    return attachment(as_pdf(edition), name=name, media_type="application/pdf")


def _page(found: Statement, form: SubmitForm) -> dict[str, Any]:
    return {
        "programme_shown": found.programme, "versions": list(versions_of(found)), "form": form,
        "lacking": lacks_in_words(found, present_rows(found)),
    }  # fmt: skip
