"""The control matrix: the living list of what is asked, what is done about it, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.trail.selectors import entries
from compliance.web.queries import changed

from .. import selectors
from ..columns import COLUMNS, are_many, columns_asked
from ..matrix import Group, add_guidance
from ..models import Control, Standing
from ..reasons import why_not_ready
from ..row_forms import RowForm, ViewForm
from ..rows import Opened, Rows
from ..saved_views.queries import address_of, kept
from ..saved_views.selectors import default_of, views_of
from ..strips import period_of
from .reading import Reading, read

#: Swapped in as one piece: rows, key, and the paper beside them.
_WORKSPACE = "controls/_workspace.html"


@requires(Permission.CONTROL_VIEW)
def matrix(request: PageRequest, organization: str) -> HttpResponse:
    """Controls by criterion; `?at=AC-07` lays one beside the table, `?mode=edit` lets rows be ticked and changed.

    An address that asks for nothing leads to the view that the person begins with.
    """
    if not request.GET:
        view = default_of(request.membership)
        if view is not None and view.query:
            return redirect(f"{request.path}{address_of(view.query)}")
    return matrix_page(request)


def matrix_page(
    request: PageRequest, *, row: tuple[Control, RowForm] | None = None, note: str = "", status: int = 200
) -> HttpResponse:
    """The page, or its workspace alone for htmx; with a row's form that was refused in the place of a fresh one."""
    reading, beside = read(request), _beside(request)
    control, changing = beside.get("control"), may(request, Permission.CONTROL_CHANGE)
    columns = columns_asked(request.GET)
    editing = changing and bool(request.GET.get("mode") == "edit" or request.GET.get("edit"))
    row = row or (_row_asked(request) if editing else None)
    holding = control or (row and row[0])
    page, groups = reading.matrix.page(request.GET.get("page"), holding.ref if holding else "", columns)
    opened = _opened(request, row, note, groups, len(columns) + 2) if row and editing else None
    rows = Rows(
        request.organization.slug, request.GET, page.number, period_of(reading.programmes), columns,
        editing=editing, opened=opened,
    )  # fmt: skip
    add_guidance(groups)
    context: dict[str, Any] = {
        "filter": reading.filter, "matrix": reading.matrix, "measure": reading.measure, "page": page,
        "groups": [(group, rows.of(group.rows, group.under)) for group in groups], "at": request.GET.get("at", ""),
        "columns": columns, "wide": are_many(columns, editing=editing), "span": len(columns) + 1 + editing, "editing": editing,
        **beside,
    }  # fmt: skip
    if request.htmx and request.htmx.target == "workspace":  # type: ignore[attr-defined]
        return render(request, _WORKSPACE, context, status=status)
    context |= _around(request, reading)
    return render(request, "controls/matrix.html", context, status=status)


#: What the matrix goes out as.
ENDINGS = (("csv", "CSV, that can be imported"), ("xlsx", "XLSX, as an auditor lays it out"), ("pdf", "PDF"))


def _around(request: PageRequest, reading: Reading) -> dict[str, Any]:
    """What stands around the workspace: the figures above it, the columns, the saved views."""
    here = kept(request.GET)
    views = [(view, address_of(view.query), view.query == here) for view in views_of(request.membership)]
    return {
        "any": bool(reading.matrix.controls_shown) or Control.objects.exists(),
        "last_change": entries(action="controls.control.").first(), "every_column": COLUMNS, "views": views,
        "everything": not here, "here": here, "endings": ENDINGS,
        "beside_filters": _carried(request, reading.filter.fields), "beside_columns": _carried(request, ("cols",)),
        "view_form": ViewForm(may_share=may(request, Permission.CONTROL_CHANGE), auto_id="view_%s"),
    }  # fmt: skip


def _carried(request: PageRequest, fields: Iterable[str]) -> list[tuple[str, str]]:
    """The rest of the address, which a form of these fields has to keep."""
    own = {*fields, "page", "at", "edit", "under", "view"} - {"gaps", "missing", "maps"}
    return [(name, value) for name in request.GET if name not in own for value in request.GET.getlist(name) if value]


def _row_asked(request: PageRequest) -> tuple[Control, RowForm] | None:
    ref = request.GET.get("edit", "")
    if not ref:
        return None
    control = get_object_or_404(selectors.controls(), ref=ref)
    return control, RowForm(None, control)


def _opened(request: PageRequest, row: tuple[Control, RowForm], note: str, groups: list[Group], span: int) -> Opened:
    """The row's form, under the criterion that it was opened in, else under the first that shows it."""
    control, form = row
    showing = [group.under for group in groups if any(each.ref == control.ref for each in group.rows)]
    asked = request.GET.get("under", "")
    under = asked if asked in showing else next(iter(showing), "")
    leave = changed(request.GET, {"edit": None, "under": None, "mode": "edit", "page": request.GET.get("page")})
    context = {
        "control": control, "form": form, "note": note, "span": span, "leave": leave,
        "organization": request.organization, "query": request.GET.urlencode(),
    }  # fmt: skip
    return Opened(control.ref, under, render_to_string("controls/_edit_row.html", context, request=request))


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
    standing: Standing | None = getattr(control, "standing", None)
    counts = standing.evidence_counts if standing else {}
    return [(state, counts[state]) for state in selectors.FRESHNESS if counts.get(state)]
