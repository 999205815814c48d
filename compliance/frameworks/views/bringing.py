"""A file of frameworks in two steps: bring it and see what it would do, then load all of it or nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent_with_files

from .. import selectors
from ..forms import FileForm, OptionsForm
from ..intake.safe import MOST_BYTES, UnreadableError
from ..intake.sheet import heads_of
from ..models import FrameworkImport, ImportState
from ..services import bring as services
from ..services.prepare import Prepared

_EARLIER = 20


@requires(Permission.FRAMEWORK_CHANGE)
def bring(request: PageRequest, organization: str) -> HttpResponse:
    """First step: choose a file. Nothing but the file is kept."""
    form = FileForm(*sent_with_files(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = services.bring_file(actor=request.actor, name=file.name, content=file.read(MOST_BYTES + 1))
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            return redirect("frameworks:brought", organization, draft.pk)
    context = {"form": form, "earlier": selectors.imports()[:_EARLIER]}
    return render(request, "frameworks/bring.html", context, status=422 if form.errors else 200)


@requires(Permission.FRAMEWORK_CHANGE)
def brought(request: PageRequest, organization: str, brought: UUID) -> HttpResponse:
    """Second step: what the file would do, and what is said beside it."""
    draft = get_object_or_404(FrameworkImport, pk=brought)
    if draft.state != ImportState.DRAFT:
        return render(request, "frameworks/loaded.html", {"draft": draft})
    if request.method == "POST":
        form = _form(draft, request.POST)
        if form.is_valid():
            draft = services.set_options(actor=request.actor, draft=draft, options=form.stored)
            return redirect("frameworks:brought", organization, draft.pk)
        return _preview(request, draft, form)
    return _preview(request, draft)


def _form(draft: FrameworkImport, data: Any = None, prepared: Prepared | None = None) -> OptionsForm:
    try:
        is_sheet = bytes(draft.content[:2]) == b"PK" or draft.file_name.lower().endswith((".csv", ".tsv", ".xlsx"))
        heads = heads_of(bytes(draft.content)) if is_sheet else []
    except UnreadableError:
        heads = []
    columns = {f"column_{name}": head for name, head in draft.options.get("columns", {}).items()}
    is_profile = prepared is None or prepared.library.profile is not None
    return OptionsForm(data, heads=heads, is_profile=is_profile, initial={**draft.options, **columns})


def _preview(request: PageRequest, draft: FrameworkImport, refused: OptionsForm | None = None) -> HttpResponse:
    prepared = services.look(draft)
    context = {
        "draft": draft, "form": refused or _form(draft, prepared=prepared), "prepared": prepared, "library": prepared.library,
        "more_faults": max(0, len(prepared.faults) - 100), "faults": prepared.faults[:100],
        "does_something": _does_something(prepared),
    }  # fmt: skip
    return render(request, "frameworks/brought.html", context, status=422 if refused else 200)


def _does_something(prepared: Prepared) -> bool:
    new = any(not plan.is_there for plan in prepared.plans)
    return new or bool(prepared.library.pair_sets or prepared.library.suggested)


@require_POST
@requires(Permission.FRAMEWORK_CHANGE)
def load(request: PageRequest, organization: str, brought: UUID) -> HttpResponse:
    """Load it, all of it; where something is wrong the page says what, and nothing is written."""
    draft = get_object_or_404(FrameworkImport, pk=brought)
    try:
        draft, loaded = services.load_draft(actor=request.actor, draft=draft)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages[:3]))
        return redirect("frameworks:brought", organization, brought)
    messages.success(request, f"{draft.file_name} is loaded.")
    if len(loaded.frameworks) == 1 and not loaded.relations:
        framework = loaded.frameworks[0]
        page = "frameworks:difference" if framework.follows else "frameworks:framework"
        return redirect(page, organization, framework.pk)
    return redirect("frameworks:brought", organization, draft.pk)


@require_POST
@requires(Permission.FRAMEWORK_CHANGE)
def discard(request: PageRequest, organization: str, brought: UUID) -> HttpResponse:
    """Put a file aside."""
    draft = get_object_or_404(FrameworkImport, pk=brought)
    try:
        services.discard_draft(actor=request.actor, draft=draft)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"{draft.file_name} is discarded. Nothing of it was loaded.")
    return redirect("frameworks:bring", organization)
