"""Versions of a description: kept, compared, approved, taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.trail.services import record
from compliance.web.attachments import attachment
from compliance.web.documents.versions import CompareForm
from compliance.web.documents.word import MEDIA_TYPE
from compliance.web.refusals import show_refusal

from .. import services
from ..exporting import Edition, as_docx, as_pdf, draft_of, edition_of
from ..forms import KeepForm
from ..reading import between, present_sections, sections_of
from ..services.versions import refusal_to_approve
from .finding import find_description, find_version
from .writing import page_of


@require_POST
@requires(Permission.DESCRIPTION_CHANGE)
def keep(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Keep what stands now as a version."""
    found = find_description(programme)
    form = KeepForm(request.POST)
    if form.is_valid():
        try:
            version = services.keep_version(actor=request.actor, description=found, note=form.cleaned_data["note"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"Version {version.number} is kept, and never changes again.")
            return redirect("descriptions:version", organization, programme, version.number)
    return render(request, "descriptions/description.html", page_of(found, form), status=422)


@require_GET
@requires(Permission.DESCRIPTION_VIEW)
def version(request: PageRequest, organization: str, programme: UUID, number: int) -> HttpResponse:
    """A version as it was kept."""
    found = find_description(programme)
    kept = find_version(found, number)
    context = {
        "programme_shown": found.programme, "version": kept, "sections": sections_of(kept),
        "refusal": refusal_to_approve(kept, request.membership), "approval": getattr(kept, "approval", None),
    }
    return render(request, "descriptions/version.html", context)


@require_POST
@requires(Permission.DESCRIPTION_APPROVE)
def approve(request: PageRequest, organization: str, programme: UUID, number: int) -> HttpResponse:
    """Approve a version that somebody else wrote."""
    kept = find_version(find_description(programme), number)
    try:
        services.approve_version(actor=request.actor, version=kept, approver=request.membership)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Version {kept.number} is approved.")
    return redirect("descriptions:version", organization, programme, number)


@require_GET
@requires(Permission.DESCRIPTION_VIEW)
def compare(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What differs between two versions, or between one and what stands now."""
    found = find_description(programme)
    numbers = list(found.versions.order_by("-number").values_list("number", flat=True))
    form = CompareForm(request.GET or None, numbers=numbers, initial={"before": numbers[:1] and numbers[0], "after": "now"})
    context = {"programme_shown": found.programme, "form": form, "numbers": numbers, "compared": False}
    if form.is_bound and form.is_valid():
        before = find_version(found, int(form.cleaned_data["before"]))
        asked = form.cleaned_data["after"]
        after = present_sections(found) if asked == "now" else find_version(found, int(asked))
        context |= {"compared": True, "differences": between(before, after), "before": before, "after": asked}
    return render(request, "descriptions/compare.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.DESCRIPTION_VIEW)
def draft_file(request: PageRequest, organization: str, programme: UUID, ending: str) -> HttpResponse:
    """What stands now, marked as a draft."""
    return _file(request, draft_of(find_description(programme)), ending)


@require_GET
@requires(Permission.DESCRIPTION_VIEW)
def version_file(request: PageRequest, organization: str, programme: UUID, number: int, ending: str) -> HttpResponse:
    """A version; one that is not approved is marked as a draft."""
    return _file(request, edition_of(find_version(find_description(programme), number)), ending)


def _file(request: PageRequest, edition: Edition, ending: str) -> HttpResponse:
    if ending not in {"pdf", "docx"}:
        raise Http404
    made, media = (as_pdf(edition), "application/pdf") if ending == "pdf" else (as_docx(edition), MEDIA_TYPE)
    name = f"{edition.name}.{ending}"
    record(
        actor=request.actor, action="descriptions.description.downloaded", target=edition.description, label=name,
        after={"filename": name, "standing": edition.stamp or "Approved"},
    )  # fmt: skip
    return attachment(made, name=name, media_type=media)
