"""Rows of what is a table: the first sheet of a workbook, a CSV, within limits that hold before anything is unpacked."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from typing import IO

from compliance.web.book_rows import UnreadableBookError, book_rows, cell_text
from compliance.web.csv_reading import BadRowError, csv_rows

#: Bytes of a workbook that are read, and that it may unpack to; columns and characters of a cell that are looked at.
_MOST_BOOK, _MOST_UNPACKED, _MOST_COLUMNS, _LONGEST_CELL = 30 * 1024 * 1024, 100 * 1024 * 1024, 60, 1000
_SAMPLE = 8192
Rows = Generator[list[str], None, None]


class SheetError(Exception):
    """It cannot be read as a table; the message says why."""


def rows_of_book(file: IO[bytes]) -> Rows:
    """Rows of the first sheet that hold something. Values, never formulas. Raises SheetError on the way."""
    file.seek(0)
    content = file.read(_MOST_BOOK + 1)
    if len(content) > _MOST_BOOK:
        raise SheetError(f"The workbook is larger than {_MOST_BOOK // 1024 // 1024} MB, too large to be looked into.")
    try:
        for _, row in book_rows(content, most_columns=_MOST_COLUMNS, most_unpacked=_MOST_UNPACKED):
            cells = [cell_text(each)[:_LONGEST_CELL] for each in row]
            if any(cells):
                yield _trimmed(cells)
    except UnreadableBookError as error:
        raise SheetError(str(error)) from error


def rows_of_csv(file: IO[bytes]) -> Rows:
    """Rows that hold something, separated by whatever the first lines are. Raises SheetError on the way."""
    file.seek(0)
    start = file.read(_SAMPLE).decode("utf-8-sig", "replace")
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        for _, row in csv_rows(lines, delimiter=_delimiter(start)):
            cells = [each[:_LONGEST_CELL] for each in row[:_MOST_COLUMNS]]
            if any(each.strip() for each in cells):
                yield _trimmed(cells)
    except BadRowError as error:
        raise SheetError(f"Line {error.line} cannot be read as a row of a table: {error}.") from error
    finally:
        lines.detach()


def first_rows(rows: Rows, most: int) -> list[list[str]]:
    """So many of the rows; what they were read from is let go of."""
    with closing(rows):
        return list(islice(rows, most))


def _delimiter(start: str) -> str:
    line = start.partition("\n")[0]
    return max(",;\t|", key=line.count)


def _trimmed(cells: list[str]) -> list[str]:
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells
