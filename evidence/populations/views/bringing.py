"""Freezing: from a source by a worker, or from a file in two steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent, sent_with_files

from ..forms import BringForm, PeriodForm
from ..models import DraftState, Population
from ..reading import MOST_BYTES, media_of
from ..selectors import latest_of
from ..services.bring import ask_freeze, bring_file, discard_draft, freeze_draft, map_columns
from ..spans import days_next
from .finding import draft_or_403, kept_or_403

KEEPERS = (Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)


@requires(*KEEPERS)
def freeze(request: PageRequest, organization: str, population: UUID) -> HttpResponse:
    """Ask for a version that is drawn from the population's source."""
    found = kept_or_403(request, population)
    day = today(request.organization.timezone)
    form = PeriodForm(sent(request), today=day, initial=_period(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            ask_freeze(actor=request.actor, member=request.membership, population=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "It is being drawn. The version stands here as soon as it is frozen.")
            return redirect("populations:population", organization, found.pk)
    context = {"population": found, "kind": found.kind, "form": form}
    return render(request, "populations/freeze.html", context, status=422 if form.errors else 200)


@csrf_exempt  # the token lies in the body, which is only read once its length is known to be acceptable: below
@requires(*KEEPERS)
def bring(request: PageRequest, organization: str, population: UUID) -> HttpResponse:
    """First step of a file: the file, and all that is asked of where it comes from."""
    found = kept_or_403(request, population)
    if is_longer_than(request, MOST_BYTES):
        refused = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split the period."
        return _bring_page(request, found, _bring_form(request, found, empty=True), refused)
    return _bring(request, found)


@csrf_protect
def _bring(request: PageRequest, found: Population) -> HttpResponse:
    form = _bring_form(request, found)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        file = asked.pop("file")
        try:
            draft = bring_file(
                actor=request.actor, member=request.membership, population=found, content=file.chunks(), filename=file.name,
                media_type=media_of(file), **asked,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("populations:draft", request.organization.slug, draft.pk)
    return _bring_page(request, found, form)


def _bring_form(request: PageRequest, found: Population, *, empty: bool = False) -> BringForm:
    given = (None, None) if empty else sent_with_files(request)
    return BringForm(*given, today=today(request.organization.timezone), initial=_period(request, found))


def _bring_page(request: PageRequest, found: Population, form: BringForm, refused: str = "") -> HttpResponse:
    context = {"population": found, "kind": found.kind, "form": form, "refused": refused}
    return render(request, "populations/bring.html", context, status=422 if form.errors or refused else 200)


def _period(request: PageRequest, found: Population) -> dict[str, Any]:
    """The period that comes next: the one after the newest version, else the last whole one, up to yesterday."""
    latest, on = latest_of(found), today(request.organization.timezone)
    first, last = days_next(latest.last if latest else None, found.months, on)
    if last < first and latest:
        first, last = latest.first, latest.last
    return {"first": first, "last": last, "zone": latest.zone if latest else request.organization.timezone}


@requires(*KEEPERS)
def draft(request: PageRequest, organization: str, population_draft: UUID) -> HttpResponse:
    """Second step of a file: which column holds what, what is wrong beside the cells, and what would be frozen."""
    found = draft_or_403(request, population_draft)
    if request.method == "POST":
        names = {each.name for each in found.population.kind.attributes} if found.population.kind else set()
        heads = found.report.get("heads", [])
        asked = {head: request.POST.get(f"column-{place}", "") for place, head in enumerate(heads)}
        try:
            map_columns(draft=found, mapping={h: n for h, n in asked.items() if not n or n in names})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("populations:draft", organization, found.pk)
    report = found.report
    context = {
        "draft": found, "population": found.population, "kind": found.population.kind, "report": report,
        "heads": list(zip(report.get("heads", []), report.get("chosen", []), strict=False)),
        "may_freeze": found.state == DraftState.LOOKED and not report.get("problem") and not report.get("faulty"),
        "is_open": found.state not in (DraftState.FROZEN, DraftState.DISCARDED),
    }  # fmt: skip
    return render(request, "populations/draft.html", context)


@require_POST
@requires(*KEEPERS)
def freeze_file(request: PageRequest, organization: str, population_draft: UUID) -> HttpResponse:
    """Freeze what was looked through."""
    found = draft_or_403(request, population_draft)
    try:
        done = freeze_draft(actor=request.actor, draft=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("populations:draft", organization, found.pk)
    done.refresh_from_db()
    if done.frozen_id:
        messages.success(request, "It is frozen. Show that it is complete and accurate, step by step.")
        return redirect("populations:version", organization, done.frozen_id)
    messages.success(request, "It is being frozen. The version stands here as soon as it is done.")
    return redirect("populations:population", organization, found.population_id)


@require_POST
@requires(*KEEPERS)
def discard(request: PageRequest, organization: str, population_draft: UUID) -> HttpResponse:
    """Put a draft aside."""
    found = draft_or_403(request, population_draft)
    try:
        discard_draft(actor=request.actor, draft=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It was put aside. A file that was received stays in evidence.")
    return redirect("populations:population", organization, found.population_id)
