"""Rows as a workbook (XLSX), written line by line, in which no cell acts as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from .csv_lines import moment

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    head: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, widths: Sequence[int] = (), note: str = ""
) -> IO[bytes]:
    """One sheet with a head that stays, in a temporary file that is gone once closed. Memory stays flat.

    `widths` are of characters, the last one holds for what follows; `note` stands above the head.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet[:31])
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(_widths(widths, len(head))):
        page.set_column(column, column, width)
    top = 0
    if note:
        page.write_string(0, 0, note)
        top = 1
    for column, cell in enumerate(head):
        page.write_string(top, column, cell, bold)
    page.freeze_panes(top + 1, 0)
    for number, row in enumerate(rows, start=top + 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, wrapped)
    book.close()
    file.seek(0)
    return file


def _widths(given: Sequence[int], columns: int) -> list[int]:
    last = given[-1] if given else 18
    return [*given[:columns], *[last] * (columns - len(given))]


def _write(page: Any, row: int, column: int, cell: Any, look: Any) -> None:
    """Numbers as numbers, days and moments as ISO text, the rest as text: never as a formula or a link."""
    if cell is None or cell == "":
        page.write_blank(row, column, None, look)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        page.write_number(row, column, cell, look)
    else:
        page.write_string(row, column, _text(cell)[:32_767], look)


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return moment(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
