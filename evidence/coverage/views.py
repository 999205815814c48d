"""Coverage of the period: a year of all requirements, the same as a table and as files, and the audit firm's tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.web.attachments import attachment
from compliance.web.csv_lines import csv_lines
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from compliance.web.workbook import MEDIA_TYPE, workbook

from . import selectors, services
from .drawing import drawn, scale_of
from .forms import CoverageFilter, SupposedForm, ToleranceForm
from .sheet import HEAD, WIDTHS, lines_of
from .terms import Period
from .year import Group, Line, Year, grouped

#: Strips on one page: a year of all requirements of most organisations, and no page that a browser chokes on.
SIZE = 400


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def year(request: PageRequest, organization: str) -> HttpResponse:
    """All requirements of a programme, each with its period as a strip; `as=table` shows the same as figures."""
    known = selectors.programmes_counted()
    if not known:
        return render(request, "coverage/none.html", {})
    programme, own = chosen(request, known)
    supposed = SupposedForm(request.GET)
    period = supposed_period(supposed, own)
    found, form = _read(request, programme, period)
    as_table = request.GET.get("as") == "table"
    lines = found.sorted_by(request.GET.get("sort", "") if as_table else "")
    page = Paginator(lines, SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "programme_shown": programme, "programme_key": str(programme.pk), "known": known, "period": period, "own": own,
        "supposed": supposed,
        "what_if": period != own, "filter": form, "any": bool(form.asked), "sums": found.sums, "page": page,
        "as_table": as_table, "today": today(request.organization.timezone), "tolerance": selectors.tolerance_of(programme),
    }  # fmt: skip
    if not as_table:
        scale = scale_of(period.span, (line.runs for line in page))
        context |= {"scale": scale, "groups": _drawn(page, form, scale, organization)}
    return render(request, "coverage/year.html", context)


def _read(request: PageRequest, programme: Programme, period: Period) -> tuple[Year, CoverageFilter]:
    """The lines that fit, with the form that says how they were narrowed."""
    rows = selectors.coverage_now(programme, period)
    whole = Year(programme, period, rows)
    form = CoverageFilter(request.GET, owners=whole.owners, series=whole.series)
    return whole.narrowed(form.asked), form


def _drawn(page: Any, form: CoverageFilter, scale: Any, slug: str) -> list[tuple[Group, list[tuple[Line, Any]]]]:
    by = form.cleaned_data.get("group") or "series"
    return [
        (group, [(line, drawn(line.runs, scale, slug, line.requirement.pk)) for line in group.lines])
        for group in grouped(list(page), by)
    ]


def chosen(request: PageRequest, known: list[tuple[Programme, Period]]) -> tuple[Programme, Period]:
    """The programme that is asked about, else the one that began first. One that is not there is not found."""
    wanted = request.GET.get("programme", "")
    if not wanted:
        return known[0]
    for pair in known:
        if str(pair[0].pk) == wanted:
            return pair
    raise Http404


def supposed_period(form: SupposedForm, own: Period) -> Period:
    """The period that is supposed, counted as the programme's own is; its own where none is, or none can be."""
    if not form.is_valid() or not form.cleaned_data.get("start"):
        return own
    return Period(own.way, form.cleaned_data["start"], form.cleaned_data["end"])


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def download(request: PageRequest, organization: str, ending: str) -> HttpResponseBase:
    """What the filters show, as `csv` or `xlsx`: a line for each requirement."""
    known = selectors.programmes_counted()
    if not known or ending not in ("csv", "xlsx"):
        raise Http404
    programme, own = chosen(request, known)
    period = supposed_period(SupposedForm(request.GET), own)
    found, _ = _read(request, programme, period)
    lines: Iterator[list[Any]] = lines_of(found.sorted_by(request.GET.get("sort", "")), programme, period)
    room = request.organization
    name = f"coverage-{room.slug}{'-sample' if room.is_sample else ''}-{today(room.timezone):%Y-%m-%d}.{ending}"
    if ending == "csv":
        return attachment("".join(csv_lines(HEAD, lines)), name=name, media_type="text/csv; charset=utf-8")
    file = workbook(HEAD, lines, sheet="Coverage", widths=WIDTHS)
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPE)


@requires(Permission.PROGRAMME_CHANGE)
def tolerance(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What the programme's audit firm takes of things done once a year."""
    found = next((each for each, _ in selectors.programmes_counted() if each.pk == programme), None)
    if found is None:
        raise Http404
    row = selectors.tolerance_of(found)
    form = ToleranceForm(sent(request), initial={"before": row.before, "after": row.after, "firm": row.firm})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_tolerance(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The tolerance is kept; coverage is counted anew with it.")
            return redirect(f"{reverse('coverage:year', args=[organization])}?programme={found.pk}")
    context = {"programme_shown": found, "form": form, "row": row}
    return render(request, "coverage/tolerance.html", context, status=422 if form.errors else 200)
