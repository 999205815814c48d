"""A CSV or XLSX file as rows of text with their line numbers, one after another. What it is, its content says: the name
and the declared type of a file are anybody's word."""

from __future__ import annotations

import io
from collections.abc import Iterator

from compliance.web.book_rows import UnreadableBookError, book_rows, cell_text
from compliance.web.csv_reading import BadRowError, csv_rows

from .cells import plain, restored

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 100
#: Longer cells belong to no register, and Excel keeps none longer.
_MOST_IN_CELL = 32_767
Lines = Iterator[tuple[int, list[str]]]


class UnreadableError(ValueError):
    """The file cannot be read as a table; the message says what to do about it."""


def read_lines(content: bytes, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS) -> Lines:
    """Line after line, those without any text left out. The first one is the head. Raises UnreadableError.

    The limits are those of what is read while somebody waits; a worker may read longer ones.
    """
    if len(content) > most_bytes:
        raise UnreadableError(f"The file is larger than {most_bytes // 1024 // 1024} MB. Split it.")
    count = 0
    for line, cells in _book(content, 12 * most_bytes) if content.startswith(b"PK\x03\x04") else _text(content):
        if not any(cells):
            continue
        count += 1
        if count > most_rows + 1:
            raise UnreadableError(f"The file has more than {most_rows:,} rows. Split it.")
        yield line, cells
    if not count:
        raise UnreadableError("The file is empty.")


def _text(content: bytes) -> Lines:
    text = io.StringIO(_decoded(content), newline="")
    try:
        for line, cells in csv_rows(text, delimiter=_delimiter(content), strict=True):
            yield line, [_kept(cell) for cell in cells[:MOST_COLUMNS]]
    except BadRowError as fault:
        raise UnreadableError(f"Line {fault.line} cannot be read as CSV: {fault}.") from None


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


def _book(content: bytes, most_unpacked: int) -> Lines:
    try:
        for line, cells in book_rows(content, most_columns=MOST_COLUMNS, most_unpacked=most_unpacked):
            yield line, _trimmed([_kept(cell_text(cell)) for cell in cells])
    except UnreadableBookError as fault:
        raise UnreadableError(str(fault)) from fault


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that fill a row up to the widest."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _kept(cell: str) -> str:
    return restored(plain(cell[:_MOST_IN_CELL]))
