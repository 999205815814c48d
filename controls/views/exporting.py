"""The matrix as files: CSV and XLSX that come in again, and a PDF to read."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.web.attachments import attachment
from compliance.web.csv_lines import csv_lines
from compliance.web.workbook import MEDIA_TYPE

from ..export import HEAD, lines_of
from ..paper import AT_ONCE, matrix_paper
from ..sheet.book import matrix_workbook
from ..sheet.cover import facts_of
from .reading import Reading, read


@requires(Permission.CONTROL_VIEW)
def export(request: PageRequest, organization: str, ending: str = "csv") -> HttpResponseBase:
    """What the filters show, as `csv`, `xlsx` or `pdf`."""
    if ending == "csv":
        return _csv(request, read(request))
    if ending == "xlsx":
        return _xlsx(request, read(request))
    if ending == "pdf":
        return _pdf(request, organization, read(request))
    raise Http404


def _csv(request: PageRequest, reading: Reading) -> StreamingHttpResponse:
    """Streamed, in a room of its own: the page's is closed by then."""
    answer = StreamingHttpResponse(_lines(request.organization, reading), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_name(request)}.csv"'
    return answer


def _lines(room: Organization, reading: Reading) -> Iterator[str]:
    with scope(room):
        yield from csv_lines(HEAD, lines_of(reading.matrix, now()))


def _xlsx(request: PageRequest, reading: Reading) -> FileResponse:
    at = now()
    facts = facts_of(request.organization, reading.measure, reading.matrix, reading.filter, at)
    file = matrix_workbook(reading.matrix, at, title=_title(request), facts=facts)
    return FileResponse(file, as_attachment=True, filename=f"{_name(request)}.xlsx", content_type=MEDIA_TYPE)


def _pdf(request: PageRequest, organization: str, reading: Reading) -> HttpResponse:
    """A small matrix is set at once; a large one is a report, which a worker makes."""
    places = reading.matrix.places
    if len(places) > AT_ONCE:
        messages.error(
            request, f"A PDF is set at once for {AT_ONCE} rows at most; these are {len(places)}. Narrow the matrix, by a series for "
            "instance, or ask for the whole of it under Reports.",
        )  # fmt: skip
        return redirect(f"{reverse('controls:matrix', args=[organization])}?{request.GET.urlencode() or 'view=all'}")
    facts = facts_of(request.organization, reading.measure, reading.matrix, reading.filter, now())
    content = matrix_paper(request.organization, places, title=_title(request), facts=facts)
    return attachment(content, name=f"{_name(request)}.pdf", media_type="application/pdf")


def _title(request: PageRequest) -> str:
    return f"Control matrix of {request.organization.name}"


def _name(request: PageRequest) -> str:
    room = request.organization
    return f"controls-{room.slug}{'-sample' if room.is_sample else ''}-{today(room.timezone):%Y-%m-%d}"
