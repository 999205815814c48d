"""A register as a file that its import reads back: CSV line by line, or a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from compliance.web.csv_lines import csv_lines
from compliance.web.workbook import MEDIA_TYPE, workbook

from .cells import neutral
from .columns import Column


def texts(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The cells of each row, in which nothing acts as a formula."""
    for row in rows:
        yield [neutral(column.text(row.get(column.name))) for column in columns]


def sent_as(
    form: str, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, sheet: str
) -> HttpResponseBase:
    """The register as `csv` or `xlsx`. Rows are read before the answer leaves, for the room is closed by then."""
    head, cells = [column.name for column in columns], texts(columns, list(rows))
    if form == "xlsx":
        file = workbook(head, cells, sheet=sheet)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=MEDIA_TYPE)
    answer = StreamingHttpResponse(csv_lines(head, cells), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
