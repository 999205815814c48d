"""Whether a file of rows may be received at all: as every file of evidence it is scanned, and an archive has to be a workbook."""

from __future__ import annotations

from typing import Any

from compliance.web.workbook import MEDIA_TYPE as WORKBOOK

from .. import media
from ..scanning import scan
from .reading import MOST_BYTES, media_of


def refusal_of(file: Any) -> str:
    """Why an uploaded file is not received; empty where it is. From receipt nobody could take it away again."""
    if (file.size or 0) > MOST_BYTES:
        return f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split the period."
    try:
        if media_of(file) == WORKBOOK:
            media.media_of(file, str(file.name))
        scan(file.chunks())
    except media.NotAcceptedError as error:
        return str(error)
    file.seek(0)
    return ""
