"""The request list as a spreadsheet: in by two steps, a look and then the deed; out as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here, scope
from compliance.web.csv_lines import csv_lines
from compliance.web.sent import sent
from compliance.web.workbook import MEDIA_TYPE, workbook

from ..forms.sheets import SheetForm
from ..models import Audit
from ..selectors.requests import EXPORTED, exported_rows, references_in
from ..services.importing import import_requests
from ..sheets.lines import Line, lines_of
from ..sheets.reading import read_sheet
from .finding import audit_or_404, sentences

_AN_HOUR = 3600
_WIDTHS = (11, 11, 14, 48, 48, 14, 11, 16, 22, 11, 11, 30, 40)


@requires(Permission.REQUEST_MANAGE)
def import_list(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Step one: read the file and show what it holds, line by line. Nothing is saved."""
    audit = audit_or_404(pk)
    day = today(here().timezone)
    due = audit.starts_on if audit.starts_on > day else day + timedelta(days=audit.turnaround_days)
    form = SheetForm(sent(request), request.FILES if request.method == "POST" else None, initial={"due_date": due})
    context = {"form": form, "audit": audit}
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_sheet(form.cleaned_data["file"])
            lines = lines_of(rows, known=references_in(audit), due=form.cleaned_data["due_date"])
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            return _preview(request, audit, lines)
    return render(request, "audits/import.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@requires(Permission.REQUEST_MANAGE)
def import_apply(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Step two: raise the lines that were shown and well. What was signed then is what is raised now."""
    audit = audit_or_404(pk)
    try:
        packed = signing.loads(request.POST.get("lines", ""), salt=_salt(audit), max_age=_AN_HOUR)
    except signing.BadSignature:
        messages.error(request, "The preview is older than an hour. Choose the file again; nothing was saved.")
        return redirect("audits:import", organization, audit.pk)
    try:
        made = import_requests(actor=request.actor, audit=audit, lines=[Line(**line) for line in packed])
    except ValidationError as error:
        messages.error(request, sentences(error))
        return redirect("audits:import", organization, audit.pk)
    if made:
        messages.success(request, f"{len(made)} requests were raised, {made[0].ref} to {made[-1].ref}.")
    else:
        messages.warning(request, "Every line of the list is in the log already, so nothing was raised.")
    return redirect("audits:show", organization, audit.pk)


@requires(Permission.REQUEST_VIEW)
def export_csv(request: PageRequest, organization: str, pk: UUID) -> StreamingHttpResponse:
    """The log as CSV, line by line."""
    audit = audit_or_404(pk)
    response = StreamingHttpResponse(_lines(request.organization, audit), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{audit.ref}-requests.csv"'
    return response


@requires(Permission.REQUEST_VIEW)
def export_xlsx(request: PageRequest, organization: str, pk: UUID) -> FileResponse:
    """The log as a workbook."""
    audit = audit_or_404(pk)
    rows = ([None if cell is None else str(cell) for cell in row] for row in exported_rows(audit))
    file = workbook(EXPORTED, rows, sheet="Requests", widths=_WIDTHS)
    return FileResponse(file, as_attachment=True, filename=f"{audit.ref}-requests.xlsx", content_type=MEDIA_TYPE)


def _preview(request: PageRequest, audit: Audit, lines: list[Line]) -> HttpResponse:
    wrong = [line for line in lines if line.errors]
    new = [line for line in lines if not line.errors and not line.already]
    return render(request, "audits/import_preview.html", {
        "audit": audit, "lines": lines, "wrong": wrong, "new": new, "already": len(lines) - len(wrong) - len(new),
        "packed": signing.dumps([line.packed() for line in new], salt=_salt(audit), compress=True),
    })  # fmt: skip


def _salt(audit: Audit) -> str:
    return f"audits.import:{audit.organization_id}:{audit.pk}"


def _lines(organization: Organization, audit: Audit) -> Iterator[str]:
    """The page's transaction is over when this is read, so it opens a room of its own."""
    with scope(organization):
        yield from csv_lines(EXPORTED, exported_rows(audit))
