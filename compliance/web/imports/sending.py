"""A register as a file that its import reads back: CSV line by line, or a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from compliance.web.workbook import MEDIA_TYPE, workbook

from .cells import neutral
from .columns import Column


class _Echo:
    """What csv writes into: hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def texts(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The cells of each row, in which nothing acts as a formula."""
    for row in rows:
        yield [neutral(column.text(row.get(column.name))) for column in columns]


def csv_text(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Line after line, with the mark that makes Excel read UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([column.name for column in columns]))
    for cells in texts(columns, rows):
        yield str(writer.writerow(cells))


def sent_as(
    form: str, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, sheet: str
) -> HttpResponseBase:
    """The register as `csv` or `xlsx`. Rows are read before the answer leaves, for the room is closed by then."""
    cells = list(rows)
    if form == "xlsx":
        file = workbook([column.name for column in columns], texts(columns, cells), sheet=sheet)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=MEDIA_TYPE)
    answer = StreamingHttpResponse(csv_text(columns, cells), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
