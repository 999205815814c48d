"""The description of a programme, and the writing of its sections."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.documents.differences import differences
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import KeepForm, SectionForm
from ..models import Description, Section
from ..reading import Shown, between, present_sections
from .finding import find_description


@require_GET
@requires(Permission.DESCRIPTION_VIEW)
def description(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Each section with what it lacks, the versions, and what changed since the approved one."""
    return render(request, "descriptions/description.html", page_of(find_description(programme), KeepForm()))


@requires(Permission.DESCRIPTION_VIEW)
def section(request: PageRequest, organization: str, programme: UUID, key: str) -> HttpResponse:
    """One section: what the registers give, what it lacks, and its text. Who may write it gets the form."""
    found = find_description(programme)
    shown = next((each for each in present_sections(found) if each.criterion.key == key.upper()), None)
    if shown is None:
        raise Http404
    writes = may(request, Permission.DESCRIPTION_CHANGE) and found.programme.closed_at is None
    revision = shown.section.revision if shown.section else 0
    form = SectionForm(sent(request) if writes else None, initial={"text": shown.text, "revision": revision})
    if request.method == "POST" and writes and form.is_valid():
        answer = _save(request, found, shown, form)
        if answer is not None:
            return answer
    context = {"programme_shown": found.programme, "description": found, "shown": shown, "form": form, "writes": writes}
    return render(request, "descriptions/section.html", context, status=422 if form.errors else 200)


def page_of(found: Description, form: KeepForm) -> dict[str, object]:
    """What the page of a description shows."""
    sections = present_sections(found)
    approved = selectors.approved_version(found)
    return {
        "programme_shown": found.programme, "description": found, "sections": sections, "form": form,
        "versions": selectors.versions(found)[:50], "approved": approved,
        "lacking": sum(bool(shown.lacks) for shown in sections),
        "since": between(approved, sections) if approved else [],
    }  # fmt: skip


def _save(request: PageRequest, found: Description, shown: Shown, form: SectionForm) -> HttpResponse | None:
    key = shown.criterion.key
    try:
        services.write_section(actor=request.actor, description=found, key=key, **form.cleaned_data)
    except services.EditConflict as conflict:
        return _conflict(request, found, shown, form, conflict.present)
    except ValidationError as error:
        show_refusal(form, error)
        return None
    messages.success(request, f"{shown.criterion.label} is saved.")
    return redirect("descriptions:section", request.organization.slug, found.programme_id, key)


def _conflict(
    request: PageRequest, found: Description, shown: Shown, form: SectionForm, present: Section
) -> HttpResponse:
    """Both texts: what was typed stays in the form, what stands now beside it, and the lines in which they differ."""
    typed = form.cleaned_data["text"]
    again = SectionForm(initial={"text": typed, "revision": present.revision})
    context = {
        "programme_shown": found.programme, "shown": shown, "form": again, "present": present,
        "lines": differences(present.text.splitlines(), typed.splitlines()),
    }
    return render(request, "descriptions/conflict.html", context, status=409)
