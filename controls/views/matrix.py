"""The control matrix: the living list of what is asked, what is done about it, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.frameworks.models import Framework
from compliance.people.requests import PageRequest
from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.selectors import entries
from compliance.web.csv_lines import csv_lines

from .. import selectors
from ..export import HEAD, lines_of
from ..forms import MatrixFilter
from ..matrix import Matrix, criteria_of
from ..models import Control
from ..reasons import why_not_ready
from ..rows import Rows
from ..strips import period_of

#: Swapped in as one piece: rows, key, and the paper beside them.
_WORKSPACE = "controls/_workspace.html"


@requires(Permission.CONTROL_VIEW)
def matrix(request: PageRequest, organization: str) -> HttpResponse:
    """Controls by criterion; `?at=AC-07` lays one beside the table."""
    reading, beside = _read(request), _beside(request)
    control = beside.get("control")
    page, groups = reading.matrix.page(request.GET.get("page"), control.ref if control else "")
    rows = Rows(organization, request.GET, page.number, period_of(reading.programmes))
    context: dict[str, Any] = {
        "filter": reading.filter, "matrix": reading.matrix, "measure": reading.measure, "page": page,
        "groups": [(group, rows.of(group.rows)) for group in groups], "at": request.GET.get("at", ""), **beside,
    }  # fmt: skip
    if request.htmx and request.htmx.target == "workspace":  # type: ignore[attr-defined]
        return render(request, _WORKSPACE, context)
    context["any"] = bool(reading.matrix.controls_shown) or Control.objects.exists()
    context["last_change"] = entries(action="controls.").first()
    return render(request, "controls/matrix.html", context)


def _beside(request: PageRequest) -> dict[str, Any]:
    """The paper that lies beside the table: one control, and why it is not ready."""
    ref = request.GET.get("at", "")
    if not ref:
        return {}
    control = get_object_or_404(selectors.controls().select_related("design_by"), ref=ref)
    standing = getattr(control, "standing", None)
    return {
        "control": control, "standing": standing, "mappings": selectors.mappings_of(control),
        "reasons": why_not_ready(control, standing), "evidence_counts": evidence_counts(control),
    }  # fmt: skip


def evidence_counts(control: Control) -> list[tuple[str, int]]:
    """Freshness of what a control must show, the worst first, without what there is none of."""
    standing = getattr(control, "standing", None)
    counts = standing.evidence_counts if standing else {}
    return [(state, counts[state]) for state in selectors.FRESHNESS if counts.get(state)]


@requires(Permission.CONTROL_VIEW)
def export(request: PageRequest, organization: str) -> StreamingHttpResponse:
    """What the filters show, as CSV. Streamed, in a room of its own: the page's is closed by then."""
    reading = _read(request)
    answer = StreamingHttpResponse(_csv(request.organization, reading), content_type="text/csv; charset=utf-8")
    name = f"controls-{organization}-{today(request.organization.timezone):%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(room: Organization, reading: _Reading) -> Iterator[str]:
    with scope(room):
        yield from csv_lines(HEAD, lines_of(reading.matrix, now()))


@dataclass
class _Reading:
    """What a request asks the matrix for."""

    matrix: Matrix
    filter: MatrixFilter
    measure: Programme | Framework | None
    programmes: list[Programme]


def _read(request: PageRequest) -> _Reading:
    programmes = list(open_programmes())
    frameworks = list(Framework.objects.defer("licence_note", "levels").order_by("short_title", "version"))
    measures: dict[str, Programme | Framework] = {str(each.pk): each for each in programmes}
    measures |= {str(each.pk): each for each in frameworks}
    usual = _usual(programmes, frameworks)
    measure = measures.get(request.GET.get("by", ""), usual)
    criteria = criteria_of(measure) if measure else []
    series = dict.fromkeys(each.series for each in criteria)
    others = [(key, str(each)) for key, each in measures.items() if each != usual]
    offered = [("", str(usual or "No framework is loaded")), *others]
    form = MatrixFilter(request.GET, measures=offered, series=series, owners=selectors.owners())
    return _Reading(Matrix(criteria, form.asked, request.GET.get("sort", "")), form, measure, programmes)


def _usual(programmes: list[Programme], frameworks: list[Framework]) -> Programme | Framework | None:
    """The first programme under way; where there is none, the criteria of SOC 2."""
    soc2 = (each for each in frameworks if each.key.startswith("soc2"))
    return programmes[0] if programmes else next(soc2, frameworks[0] if frameworks else None)
