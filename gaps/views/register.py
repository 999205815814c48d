"""The register: what falls short, what fails an audit first at its head."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.web.csv_lines import csv_lines
from compliance.web.keyset import keyset_page
from compliance.web.workbook import MEDIA_TYPE, workbook

from .. import selectors
from ..export import HEAD, WIDTHS, lines_of
from ..forms import GapFilter
from ..models import Gap
from ..rows import Rows


@requires(Permission.GAP_VIEW)
def register(request: PageRequest, organization: str) -> HttpResponse:
    """Gaps that fit the filters, by rank. A whole reference in the search leads straight to its gap."""
    form = _filter(request)
    asked = form.asked
    if exact := Gap.objects.filter(ref=asked["q"].strip().upper()).first() if "q" in asked else None:
        return redirect("gaps:detail", organization, exact.pk)
    order = selectors.order_for(asked)
    page = keyset_page(selectors.in_rows(selectors.gaps_matching(asked)), order=order, cursor=request.GET.get("cursor", ""))
    rows = Rows(organization, request.GET, today(request.organization.timezone)).of(page)
    return render(request, "gaps/list.html", {
        "filter": form, "page": page, "rows": rows, "asked": asked, "severities": selectors.severities_of_open(),
        "any": bool(asked) or bool(page) or Gap.objects.exists(),
    })  # fmt: skip


@requires(Permission.GAP_VIEW)
def export(request: PageRequest, organization: str) -> HttpResponseBase:
    """What the filters show, as CSV or, with `?format=xlsx`, as a workbook."""
    asked = _filter(request).asked
    found = _ordered(asked)
    name = f"gaps-{organization}-{today(request.organization.timezone):%Y-%m-%d}"
    if request.GET.get("format") == "xlsx":
        file = workbook(HEAD, lines_of(found), sheet="Gaps", widths=WIDTHS, note=_note(request.organization))
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=MEDIA_TYPE)
    answer = StreamingHttpResponse(_csv(request.organization, asked), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _csv(room: Organization, asked: dict[str, str]) -> Iterator[str]:
    """Streamed in a room of its own: the page's is closed by then."""
    with scope(room):
        yield from csv_lines(HEAD, lines_of(_ordered(asked)))


def _ordered(asked: dict[str, str]) -> QuerySet[Gap]:
    return selectors.gaps_matching(asked).order_by(*selectors.order_for(asked))


def _note(organization: Organization) -> str:
    stamp = " Sample company, simulated clock." if organization.is_sample else ""
    return f"Gap register of {organization.name}, as at {now():%Y-%m-%d %H:%M} UTC. Severities are management's estimate.{stamp}"


def _filter(request: PageRequest) -> GapFilter:
    return GapFilter(request.GET, areas=selectors.areas(), owners=selectors.owners())
