"""The first sheet of a workbook (XLSX) that somebody brings, row after row, within limits that hold before it is parsed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from .archives import CrowdedArchiveError, opened_archive

_MOST_PARTS = 2_000
#: Empty lines are told too, so one cell far below would cost as much as a million of them.
_LAST_LINE = 100_000


class UnreadableBookError(ValueError):
    """The workbook cannot be read; the message says why, or what to do about it."""


def book_rows(content: bytes, *, most_columns: int, most_unpacked: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Each row with its line number and its values; `most_unpacked` is in bytes. Raises UnreadableBookError."""
    _check_archive(content, most_unpacked)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            for line, row in enumerate(book.worksheets[0].iter_rows(max_col=most_columns, values_only=True), 1):
                if line > _LAST_LINE:
                    raise UnreadableBookError(
                        f"The sheet goes on below line {_LAST_LINE:,}. Delete what stands there, or save the list as CSV."
                    )
                yield line, row
        finally:
            book.close()
    except UnreadableBookError:
        raise
    except Exception as fault:  # a broken workbook raises whatever the part that it breaks in raises
        raise UnreadableBookError("The workbook cannot be read. Save the list as CSV, and try that.") from fault


def _check_archive(content: bytes, most_unpacked: int) -> None:
    """A workbook is a zip of XML: what it unpacks to is limited, and no part may define entities."""
    try:
        with opened_archive(io.BytesIO(content), _MOST_PARTS) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > most_unpacked:
                most = most_unpacked // 1024 // 1024
                raise UnreadableBookError(f"The workbook unpacks to more than {most} MB. Save the list alone, as CSV or XLSX.")
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableBookError("The archive is no workbook. Save the list as CSV or XLSX.")
            for part in parts:
                with archive.open(part) as stream:
                    if _has_document_type(stream):
                        raise UnreadableBookError("The workbook defines XML entities, which no spreadsheet does.")
    except CrowdedArchiveError as fault:
        raise UnreadableBookError(f"The workbook cannot be read. {fault} Save the list alone, as CSV or XLSX.") from fault
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as fault:
        raise UnreadableBookError("The archive is broken, or locked with a password: it cannot be read.") from fault


def _has_document_type(stream: IO[bytes]) -> bool:
    """Whether a part declares a document type, which may define entities. The parser itself says so, whatever the part is
    called, however it is encoded, and however much stands before the declaration; what is no XML declares nothing."""
    met: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: met.append(True)
    parser.StartElementHandler = lambda *_: met.append(False)
    try:
        while not met and (piece := stream.read(4096)):
            parser.Parse(piece)
    except expat.ExpatError:
        pass
    return any(met)


def cell_text(value: Any) -> str:
    """A value as a person would write it: whole numbers without a point, days and moments by ISO 8601, control characters
    out of the escapes (`_x0009_`) that XML keeps them in."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else unescape(str(value))
