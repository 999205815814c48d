"""Writing rows as CSV or XLSX, so that no cell acts as a formula in the spreadsheet of whoever opens it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv writes into: hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def inert(value: Any) -> str:
    """A cell's text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_ACTIVE) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Line after line, with the mark that makes Excel read UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([inert(cell) for cell in row])


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str, widths: Sequence[int]) -> IO[bytes]:
    """A workbook with one sheet, in a temporary file that is gone once closed. Memory stays flat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet)
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    for column, cell in enumerate(head):
        page.write_string(0, column, cell, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            page.write_string(number, column, "" if cell is None else str(cell), wrapped)
    book.close()
    file.seek(0)
    return file
