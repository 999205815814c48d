"""Whether a file of rows may be received at all: as every file of evidence it is told by its content and scanned."""

from __future__ import annotations

from typing import Any

from .. import media
from ..scanning import scan
from .reading import MOST_BYTES

_LISTS = (media.XLSX, media.CSV, media.TEXT)


def refusal_of(file: Any) -> str:
    """Why an uploaded file is not received; empty where it is. From receipt nobody could take it away again."""
    if (file.size or 0) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split the period."
    try:
        kind = media.media_of(file, str(file.name))
        if kind not in _LISTS:
            return f"This is {kind.word}, and no list. Bring the rows as CSV or as a workbook (XLSX)."
        scan(file.chunks())
    except media.NotAcceptedError as error:
        return str(error)
    file.seek(0)
    return ""
