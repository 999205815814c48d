"""Reports: what was made, asking for another, and the file itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.trail.services import record
from compliance.web.keyset import keyset_page
from evidence.storage import open_stored

from . import selectors, services
from .forms import RequestForm
from .models import Report, ReportKind

#: What the page asks for again while something is under way (templates/reports/_reports.html).
_FRAGMENT = "reports"


@requires(Permission.REPORT_VIEW)
@require_GET
def reports(request: PageRequest, organization: str) -> HttpResponse:
    """Every report, newest first; while one is under way the list asks for itself again."""
    return _shown(request, RequestForm())


@requires(Permission.REPORT_VIEW)
@require_POST
def request_report(request: PageRequest, organization: str) -> HttpResponse:
    """Ask for a report."""
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    report = services.request_report(actor=request.actor, kind=ReportKind(form.cleaned_data["kind"]))
    messages.success(request, f"{report.get_kind_display()} is being made. It appears in the list.")
    return redirect("reports:list", organization)


@requires(Permission.REPORT_VIEW)
@require_GET
def download(request: PageRequest, organization: str, report: UUID) -> HttpResponse | FileResponse:
    """The file, as an attachment. Downloading is recorded. One that is not ready leads back to the list, which says so."""
    found = get_object_or_404(Report, pk=report)
    if found.state != "ready":
        messages.info(request, "This report is not ready: the list says how it stands.")
        return redirect("reports:list", organization)
    try:
        stored = open_stored(found.sha256)
    except FileNotFoundError as error:
        raise Http404("The file of this report is not in the store. Ask for it again.") from error
    record(
        actor=request.actor, action="reports.report.downloaded", target=found, label=found.filename,
        after={"filename": found.filename, "sha256": found.sha256},
    )  # fmt: skip
    answer = FileResponse(stored, as_attachment=True, filename=found.filename, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Length"] = str(found.size)
    return answer


def _shown(request: PageRequest, form: RequestForm, *, status: int = 200) -> HttpResponse:
    page = keyset_page(selectors.reports(), order=("-id",), cursor=request.GET.get("cursor", ""))
    live = any(each.state in {"due", "running"} for each in page)
    fragment = request.htmx and request.htmx.target == _FRAGMENT  # type: ignore[attr-defined]
    template = "reports/_reports.html" if fragment else "reports/list.html"
    return render(request, template, {"page": page, "form": form, "live": live}, status=status)
