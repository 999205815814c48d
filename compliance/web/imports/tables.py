"""A CSV or XLSX file as rows of text with their line numbers, one after another. What it is, its content says: the name
and the declared type of a file are anybody's word."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from .cells import plain, restored

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 100
_MOST_UNPACKED = 60 * 1024 * 1024
#: Longer cells belong to no register, and Excel keeps none longer.
_MOST_IN_CELL = 32_767
Lines = Iterator[tuple[int, list[str]]]


class UnreadableError(ValueError):
    """The file cannot be read as a table; the message says what to do about it."""


def read_lines(content: bytes) -> Lines:
    """Line after line, those without any text left out. The first one is the head. Raises UnreadableError."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it.")
    count = 0
    for line, cells in _book(content) if content.startswith(b"PK\x03\x04") else _text(content):
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise UnreadableError(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        yield line, cells
    if not count:
        raise UnreadableError("The file is empty.")


def _text(content: bytes) -> Lines:
    lines = csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=_delimiter(content), strict=True)
    try:
        for cells in lines:
            yield lines.line_num, [_kept(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as fault:
        raise UnreadableError(f"Line {lines.line_num} cannot be read as CSV: {fault}.") from None


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise UnreadableError("This is neither a workbook (XLSX) nor text in UTF-8. Save it as XLSX or as “CSV UTF-8”.")
    return text


def _delimiter(content: bytes) -> str:
    """Comma, semicolon or tab: the one that stands most often in the head, outside of quotes."""
    head = _decoded(content).lstrip("\r\n").splitlines()[:1]
    bare = "".join(head[0].split('"')[::2]) if head else ""
    return max(",;\t", key=bare.count)


def _book(content: bytes) -> Lines:
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            for line, cells in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
                yield line, _trimmed([_kept(_cell(cell)) for cell in cells])
        finally:
            book.close()
    except UnreadableError:
        raise
    except Exception as fault:  # a broken workbook raises whatever the part that it breaks in raises
        raise UnreadableError("The workbook cannot be read. Save the table as CSV and bring that.") from fault


def _check_archive(content: bytes) -> None:
    """A workbook is a zip of XML: what it unpacks to is limited, and no part may define entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > 2_000 or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise UnreadableError("The workbook unpacks to more than a register can be.")
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableError("The archive is no workbook. CSV and XLSX can be read.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        beginning = stream.read(4096)
                    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                        raise UnreadableError("The workbook defines XML entities, which no spreadsheet does.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as fault:
        raise UnreadableError("The archive is broken, or locked with a password.") from fault


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else unescape(str(cell))


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that fill a row up to the widest."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _kept(cell: str) -> str:
    return restored(plain(cell[:_MOST_IN_CELL]))
