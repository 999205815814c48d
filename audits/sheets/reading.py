"""Reading a CSV or XLSX file into rows of text, within limits that hold before anything is parsed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.core.exceptions import ValidationError

from compliance.web.book_rows import UnreadableBookError, book_rows, cell_text

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2_000
_MOST_COLUMNS = 40
#: An XLSX file is a zip archive: what it unpacks to is limited too.
_MOST_UNPACKED = 40 * 1024 * 1024
_MOST_CELL = 10_000


class SheetRefused(ValidationError):
    """The file cannot be read as a list, and why."""


def read_sheet(stream: IO[bytes]) -> list[list[str]]:
    """Every row of the first sheet, as text, the head included. Raises SheetRefused."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SheetRefused("The file is larger than 2 MB. Split the list, or remove pictures and other sheets.")
    rows = list(_xlsx(content) if content.startswith(b"PK") else _csv(content))
    rows = [row for row in rows if any(row)]
    if len(rows) > MOST_ROWS + 1:
        raise SheetRefused(f"The list is longer than {MOST_ROWS:,} rows. Split it.")
    return rows


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number > MOST_ROWS * 2:
                return
            yield [_clean(cell) for cell in row[:_MOST_COLUMNS]]
    except csv.Error as error:
        raise SheetRefused("The file is neither a CSV nor an XLSX list that can be read.") from error


def _decoded(content: bytes) -> str:
    """UTF-8, else what Excel on Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        rows = book_rows(content, most_columns=_MOST_COLUMNS, most_unpacked=_MOST_UNPACKED)
        for _, row in islice(rows, MOST_ROWS * 2):
            yield [_clean(_text(cell)) for cell in row]
    except UnreadableBookError as error:
        raise SheetRefused(str(error)) from error


def _text(cell: Any) -> str:
    """A moment is its day here: what a list of requests has of them are due days."""
    return cell.date().isoformat() if isinstance(cell, datetime) else cell_text(cell)


def _clean(cell: str) -> str:
    return cell.replace("\x00", "").strip()[:_MOST_CELL]
