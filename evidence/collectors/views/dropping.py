"""A file of facts, in two steps: looked through with every fault beside its cell, then pushed whole or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now
from compliance.web.imports.drafts import apply_draft, discard_draft, look, map_columns
from compliance.web.imports.models import ImportDraft, ImportState
from compliance.web.imports.pages import columns_chosen, what_it_would_do
from compliance.web.imports.planning import Plan
from compliance.web.imports.tables import MOST_BYTES as MOST_OF_TABLE
from compliance.web.imports.tables import MOST_ROWS as MOST_OF_ROWS
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent_with_files

from ..base import FactKind
from ..dropping import Dropped, columns_of
from ..forms_of_drops import DropForm
from ..models import Connection, Run
from ..push.fitting import MOST_FAULTS, Fault, UnfitError
from ..push.ocsf import rows_of_events
from ..push.streams import MOST_BYTES, sent_rows
from ..services.drop import drop_settings, dropped_file, remember_columns
from ..services.push import Push, StaleError, check_moment, push_facts
from .finding import connection_or_404
from .pushing import address_of, kind_or_404

_FINDINGS = "push.findings"


@csrf_exempt  # the token lies in the body, which is only read once its length is known to be acceptable: below
@requires(Permission.FACT_PUSH)
def bring(request: PageRequest, organization: str, connection: UUID, kind: str) -> HttpResponse:
    """First step: the file, as of when, and whether it is the whole list."""
    found = connection_or_404(connection)
    wanted = kind_or_404(found, kind)
    if is_longer_than(request, MOST_BYTES):
        form = _form(request, wanted, empty=True)
        return _bring_page(request, found, wanted, form, refused=f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    return _bring(request, found, wanted)


@csrf_protect
def _bring(request: PageRequest, found: Connection, wanted: FactKind) -> HttpResponse:
    form = _form(request, wanted)
    if request.method != "POST" or not form.is_valid():
        return _bring_page(request, found, wanted, form)
    asked = form.cleaned_data
    try:
        if _is_json(asked["file"]):
            return _push_json(request, found, wanted, asked)
        return _keep(request, found, wanted, asked)
    except UnfitError as unfit:
        return _bring_page(request, found, wanted, form, faults=unfit.faults)
    except StaleError as stale:
        form.add_error("as_of", stale)
    except ValidationError as error:
        show_refusal(form, error)
    return _bring_page(request, found, wanted, form)


def _is_json(file: Any) -> bool:
    start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    return start[:1] in (b"[", b"{")


def _push_json(request: PageRequest, found: Connection, wanted: FactKind, asked: dict[str, Any]) -> HttpResponse:
    """Rows as JSON, or what Prowler wrote: there is nothing to map, so they are pushed at once or refused."""
    file, rows = asked["file"], sent_rows(asked["file"])
    is_ocsf = wanted.id == _FINDINGS and _is_of_ocsf(file)
    push = _push(request, wanted, asked["as_of"], asked["complete"], file.name or "file", "ocsf" if is_ocsf else "rows")
    run = push_facts(
        actor=request.actor, member=request.membership, connection=found, push=push,
        rows=rows_of_events(rows) if is_ocsf else rows,
    )  # fmt: skip
    return _pushed(request, run)


def _is_of_ocsf(file: Any) -> bool:
    head = file.read(64 * 1024)
    file.seek(0)
    return b'"class_uid"' in head


def _keep(request: PageRequest, found: Connection, wanted: FactKind, asked: dict[str, Any]) -> HttpResponse:
    """A table is kept as a draft, and looked through; of a moment that would be refused in the end it is not even kept."""
    check_moment(found, wanted.id, asked["as_of"], now())
    file = asked["file"]
    content = file.read() if file.size <= MOST_OF_TABLE else b"\0" * (MOST_OF_TABLE + 1)
    draft = dropped_file(
        connection=found, kind=wanted, name=file.name or "file", content=content, by=request.actor.label,
        as_of=asked["as_of"], complete=asked["complete"],
    )  # fmt: skip
    made = look(draft, _intake(request, found, wanted, draft))
    if made.problem and not made.head:
        discard_draft(draft)
        raise ValidationError({"file": made.problem})
    return redirect("connections:look_facts", request.organization.slug, found.pk, draft.pk)


@requires(Permission.FACT_PUSH)
def look_through(request: PageRequest, organization: str, connection: UUID, draft: UUID) -> HttpResponse:
    """What the file would push; sent, which column holds which field."""
    found, kept, wanted = _draft(connection, draft)
    if kept.state != ImportState.DRAFT:
        return render(request, "imports/done.html", _addresses(request, found, wanted, kept) | {"draft": kept})
    intake = _intake(request, found, wanted, kept)
    if request.method == "POST":
        chosen = columns_chosen(request.POST, look(kept, intake).head, intake.columns)
        map_columns(kept, chosen)
        remember_columns(connection=found, kind=wanted, mapping=chosen)
        return redirect("connections:look_facts", organization, found.pk, kept.pk)
    return _preview(request, found, wanted, kept, look(kept, intake))


@require_POST
@requires(Permission.FACT_PUSH)
def apply(request: PageRequest, organization: str, connection: UUID, draft: UUID) -> HttpResponse:
    """Second step: push what was looked through. With a fault nothing is."""
    found, kept, wanted = _draft(connection, draft)
    runs: list[Run] = []
    try:
        made, applied = apply_draft(
            actor=request.actor, draft=kept, intake=_intake(request, found, wanted, kept, runs), seen=request.POST.get("seen", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("connections:look_facts", organization, found.pk, kept.pk)
    return _pushed(request, runs[0]) if applied else _preview(request, found, wanted, kept, made, status=422)


@require_POST
@requires(Permission.FACT_PUSH)
def discard(request: PageRequest, organization: str, connection: UUID, draft: UUID) -> HttpResponse:
    """Put the file aside."""
    found, kept, wanted = _draft(connection, draft)
    try:
        discard_draft(kept)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{kept.file_name} was discarded. Nothing was pushed.")
    return redirect("connections:kind", organization, found.pk, wanted.id)


def _draft(connection: UUID, draft: UUID) -> tuple[Connection, ImportDraft, FactKind]:
    found = connection_or_404(connection)
    kept = get_object_or_404(ImportDraft, pk=draft)
    said = drop_settings(kept, found)
    if said is None:
        raise Http404("This file was not dropped here.")
    return found, kept, kind_or_404(found, said.kind)


def _intake(
    request: PageRequest, found: Connection, wanted: FactKind, draft: ImportDraft, runs: list[Run] | None = None
) -> Dropped:
    """The intake of a draft. What it takes is pushed; the run goes to `runs`."""
    said = drop_settings(draft, found)

    def take(rows: Any) -> None:
        assert said is not None
        push = _push(request, wanted, said.as_of, said.complete, draft.file_name, "table")
        try:
            run = push_facts(
                actor=request.actor, member=request.membership, connection=found, push=push, rows=enumerate(rows)
            )
        except UnfitError as unfit:  # looked through by the same schema, so only where that has changed meanwhile
            raise ValidationError(f"A row does not fit any more: {unfit.faults[0].message} Bring the file again.") from None
        (runs if runs is not None else []).append(run)

    return Dropped(wanted, request.organization.timezone, take)


def _push(request: PageRequest, wanted: FactKind, as_of: datetime, complete: bool, filename: str, form: str) -> Push:
    return Push(
        kind=wanted.id, as_of=as_of, complete=complete, way="drop", by=request.actor.label, origin=address_of(request),
        form=form, filename=filename,
    )


def _pushed(request: PageRequest, run: Run) -> HttpResponse:
    messages.success(request, f"{run.message} Its checks are judged now.")
    return redirect("connections:run", request.organization.slug, run.pk)


def _form(request: PageRequest, wanted: FactKind, *, empty: bool = False) -> DropForm:
    data, files = (None, None) if empty else sent_with_files(request)
    json = "JSON, JSON Lines or Prowler's OCSF output" if wanted.id == _FINDINGS else "JSON or JSON Lines"
    takes = (
        f"CSV or XLSX up to {MOST_OF_TABLE // 1024 // 1024} MB, looked through first; "
        f"{json} up to {MOST_BYTES // 1024 // 1024} MB, pushed at once where every row fits."
    )
    local = now().astimezone(ZoneInfo(request.organization.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    return DropForm(data, files, zone=request.organization.timezone, takes=takes, initial={"as_of": local, "complete": True})


def _bring_page(
    request: PageRequest, found: Connection, wanted: FactKind, form: DropForm, *, faults: list[Fault] | None = None, refused: str = ""
) -> HttpResponse:
    context = {
        "connection": found, "kind": wanted, "form": form, "faults": faults, "refused": refused, "most_rows": MOST_OF_ROWS,
        "most_faults": MOST_FAULTS,
        "columns": columns_of(wanted, request.organization.timezone),
    }  # fmt: skip
    return render(request, "collectors/drop.html", context, status=422 if form.errors or faults or refused else 200)


def _preview(
    request: PageRequest, found: Connection, wanted: FactKind, draft: ImportDraft, made: Plan, *, status: int = 200
) -> HttpResponse:
    columns = columns_of(wanted, request.organization.timezone)
    context = _addresses(request, found, wanted, draft) | what_it_would_do(draft, made, columns) | {"again": status == 422}
    return render(request, "imports/preview.html", context, status=status)


def _addresses(request: PageRequest, found: Connection, wanted: FactKind, draft: ImportDraft) -> dict[str, Any]:
    def address(name: str, *more: Any) -> str:
        return reverse(f"connections:{name}", args=[request.organization.slug, found.pk, *more])

    said = drop_settings(draft, found)
    whole = "the whole list" if said and said.complete else "a part of the list"
    return {
        "section": wanted.title, "home_address": address("kind", wanted.id), "bring_words": "Drop a file", "pushes": True,
        "above": [("Connections", reverse("connections:list", args=[request.organization.slug])), (found.name, address("connection"))],
        "bring_address": address("drop", wanted.id), "look_address": address("look_facts", draft.pk),
        "apply_address": address("apply_facts", draft.pk), "discard_address": address("discard_facts", draft.pk),
        "apply_words": "Push all of it", "lede": f"What the file would push, as {whole}.",
        "note": "The columns are remembered for the next file of this kind. Of a cell that is empty nothing is known.",
    }  # fmt: skip
