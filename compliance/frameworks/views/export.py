"""A framework as a file: OSCAL, or a list that the import reads again."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.web.attachments import attachment
from compliance.web.csv_lines import csv_lines
from compliance.web.imports.cells import neutral

from .. import selectors
from ..exporting import catalog_of
from ..models import Framework
from ..oscal.profile import catalogue_file

_HEAD = ("ref", "parent", "level", "assessable", "title", "text", "category", "theme", "series", "guidance")


@requires(Permission.FRAMEWORK_VIEW)
def oscal_catalog(request: HttpRequest, organization: str, framework: UUID) -> HttpResponse:
    """The framework as an OSCAL catalogue."""
    found = get_object_or_404(Framework, pk=framework)
    content = json.dumps(catalog_of(found), indent=1, ensure_ascii=False)
    return attachment(content, name=catalogue_file(found), media_type="application/json")


@requires(Permission.FRAMEWORK_VIEW)
def sheet(request: HttpRequest, organization: str, framework: UUID) -> HttpResponseBase:
    """The framework as CSV, under the heads that the import knows."""
    found = get_object_or_404(Framework, pk=framework)
    rows = [
        [
            neutral(str(cell)) for cell in (
                row.ref, row.parent.ref if row.parent else "", row.level, "yes" if row.assessable else "no", row.title,
                row.text, row.category, row.theme, row.series, row.attributes.get("guidance") or "",
            )
        ]
        for row in selectors.requirements_of(found).select_related("parent")
    ]  # fmt: skip
    answer = StreamingHttpResponse(csv_lines(_HEAD, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.key}.csv"'
    return answer
