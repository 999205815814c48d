"""The matrix as an auditor lays it out: one sheet to work in, whose head stays and can be filtered, and one that says what
it is. Written line by line; the first sheet can be brought back in as it is."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from compliance.web.imports.cells import neutral

from ..export import Written, rows_of
from ..matrix import Matrix

#: The columns of the sheet with their widths in characters: what an auditor works with, then the rest of what is stated.
_LAID_OUT = {
    "requirement": 11, "requirement_title": 34, "part": 16, "ref": 9, "title": 32, "statement": 60, "owner": 20, "frequency": 13,
    "nature": 11, "kind": 12, "key": 8, "implementation": 13, "test_procedures": 60, "design": 13, "operation": 13, "evidence": 13,
    "last_evidence": 16, "last_review": 16, "open_gaps": 7, "worst_gap": 11, "top_gap": 10, "lacks": 22, "starts_on": 12,
    "tested_by_sample": 10, "population": 30, "owner_role": 20, "area": 14, "framework": 18, "judged": 10,
}  # fmt: skip
#: The first of them are printed; the rest is there to be brought back in.
_PRINTED = 21
#: What Excel holds in a cell, and how tall a row may be in points.
_CELL, _TALLEST = 32_767, 409.0
_QUIET = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
Facts = Sequence[tuple[str, str]]


def matrix_workbook(matrix: Matrix, at: datetime, *, title: str, facts: Facts) -> IO[bytes]:
    """The workbook on a temporary file that is gone once closed. `facts` say whose it is, of what, and how narrowed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, _QUIET)
    book.set_properties({"title": title})
    looks = _looks(book)
    written = Written()
    columns = [column for name in _LAID_OUT for column in written.columns if column.name == name]
    lines = ([_value(column, row) for column in columns] for row in rows_of(matrix, at))
    _sheet(book, "Matrix", title, [column.label for column in columns], list(_LAID_OUT.values()), lines, looks)
    _sheet(book, "About", title, ("What", "Value"), (24, 90), facts, looks, filtered=False)
    book.close()
    file.seek(0)
    return file


def _value(column: Any, row: dict[str, Any]) -> Any:
    value = row.get(column.name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return neutral(column.text(value))


def _looks(book: Any) -> tuple[Any, Any, Any]:
    plain = {"text_wrap": True, "valign": "top", "font_size": 9}
    head = book.add_format({**plain, "bold": True, "bottom": 1, "bg_color": "#EAEEE8"})
    return head, book.add_format(plain), book.add_format({**plain, "bold": True})


def _sheet(
    book: Any, name: str, title: str, head: Sequence[str], widths: Sequence[int], lines: Iterable[Sequence[Any]],
    looks: tuple[Any, Any, Any], *, filtered: bool = True,
) -> None:  # fmt: skip
    page = book.add_worksheet(name)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.freeze_panes(1, 4 if filtered else 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(8)  # A3
    if filtered:
        page.repeat_columns(0, 3)
    page.fit_to_pages(2 if filtered else 1, 0)
    page.set_header(f"&L{title[:100].replace('&', '&&')}")
    page.set_footer("&RPage &P of &N")
    number = 0
    for place, label in enumerate(head):
        page.write_string(0, place, label, looks[0])
    for number, line in enumerate(lines, start=1):
        page.set_row(number, _height(line, widths))
        for place, cell in enumerate(line):
            look = looks[2] if place == (3 if filtered else 0) else looks[1]
            _write(page, number, place, cell, look)
    if filtered:
        page.autofilter(0, 0, number, len(head) - 1)
        page.print_area(0, 0, number, _PRINTED - 1)


def _height(line: Sequence[Any], widths: Sequence[int]) -> float:
    """What a row needs for its longest cell, in points: not every program works this out for itself."""
    lines = (
        sum(max(1, math.ceil(len(part) * 1.05 / width)) for part in str(cell).split("\n"))
        for cell, width in zip(line, widths, strict=True)
    )
    return min(_TALLEST, 12.0 * max(lines) + 3)


def _write(page: Any, row: int, column: int, cell: Any, look: Any) -> None:
    """Counts as numbers, all else as text: never as a formula or a link."""
    if isinstance(cell, int):
        page.write_number(row, column, cell, look)
    elif cell == "":
        page.write_blank(row, column, None, look)
    else:
        page.write_string(row, column, cell[:_CELL], look)
