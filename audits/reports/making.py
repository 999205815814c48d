"""Which file answers which kind of report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from evidence.media import PDF, XLSX, Media

from .completeness_files import completeness_book, completeness_pdf
from .matrix_papers import ZIP, matrix_papers
from .models import ReportKind
from .readiness import readiness_pdf
from .workbooks import gap_register, matrix_book

_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Made:
    """A file: its bytes (whole, or piece after piece), what it is, and the name that it is handed out under."""

    content: bytes | Iterable[bytes]
    media_type: str
    filename: str


def file_of(kind: ReportKind) -> Made:
    """Make the file of a kind from what stands in the room now."""
    if kind == ReportKind.READINESS:
        return _named(readiness_pdf(), PDF, "readiness")
    if kind == ReportKind.MATRIX:
        return _named(_pieces(matrix_book()), XLSX, "control-matrix")
    if kind == ReportKind.MATRIX_PAPER:
        return _named(_pieces(matrix_papers()), ZIP, "control-matrix-papers")
    if kind == ReportKind.COMPLETENESS:
        return _named(completeness_pdf(), PDF, "completeness")
    if kind == ReportKind.COMPLETENESS_BOOK:
        return _named(_pieces(completeness_book()), XLSX, "completeness")
    return _named(_pieces(gap_register()), XLSX, "gap-register")


def _named(content: bytes | Iterable[bytes], media: Media, what: str) -> Made:
    sample = "-sample" if here().is_sample else ""
    name = f"{here().slug}{sample}-{what}-{today(here().timezone):%Y-%m-%d}{media.endings[0]}"
    return Made(content, media.type, name)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK):
            yield piece
