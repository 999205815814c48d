"""How evidence looks, drawn by ourselves: text, a table, the words of a mail, pages as pictures. Nothing of a file is handed
to the browser as it is, so nothing in it can act. What cannot be shown says why.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from .. import media
from . import mail, pictures, poppler, sheets
from .readers import read

log = logging.getLogger(__name__)
#: Characters of text and rows of a table that a page shows; pages of a PDF; pixels of a picture's longer side.
MOST_CHARACTERS, MOST_ROWS, MOST_PAGES, LONGEST_SIDE = 40_000, 50, 40, 1600
_MOST_JSON = 2 * 1024 * 1024


@dataclass(frozen=True)
class Preview:
    """What a page shows. `kind`: text, table, mail, pages, or none; `cut` where there is more than is shown."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    pages: int = 0
    cut: bool = False
    note: str = ""
    reason: str = field(default="")


class NoPictureError(Exception):
    """There is no picture of this page; the message says why."""


def preview(file: IO[bytes], media_type: str) -> Preview:
    """The preview of a file; pictures of its pages come from `page_of`."""
    drawer = _DRAWERS.get(media_type.partition(";")[0])
    if drawer is None:
        return Preview("none", reason="Files of this kind are not shown. Download it to look.")
    try:
        return drawer(file)
    except Exception:
        log.exception("A file of type %s could not be shown", media_type)
        return Preview("none", reason="It could not be shown. Download it to look.")


def page_of(file: IO[bytes], media_type: str, page: int) -> bytes:
    """A page of a PDF, or a picture, as PNG made anew. Raises NoPictureError."""
    try:
        if media_type == media.PDF.type and 1 <= page <= MOST_PAGES:
            with poppler.OnDisk(poppler.chunks_of(file)) as path:
                return poppler.picture(path, page=page, longest=LONGEST_SIDE)
        if media_type in {media.PNG.type, media.JPEG.type} and page == 1:
            return pictures.shown(file, longest=LONGEST_SIDE)
    except (poppler.PopplerError, pictures.PictureError) as error:
        raise NoPictureError(str(error)) from error
    raise NoPictureError("There is no such page.")


def _pdf(file: IO[bytes]) -> Preview:
    try:
        with poppler.OnDisk(poppler.chunks_of(file)) as path:
            said = poppler.information(path).get("Pages", "")
    except poppler.PopplerError as error:
        return Preview("none", reason=str(error))
    pages = int(said) if said.isdecimal() and len(said) < 7 else 0
    if pages == 0:
        return Preview("none", reason="The PDF names no pages.")
    return Preview("pages", pages=min(pages, MOST_PAGES), cut=pages > MOST_PAGES, note=f"{pages} page{'s' if pages > 1 else ''}")


def _picture(file: IO[bytes]) -> Preview:
    try:
        facts = pictures.facts_of(file)
    except pictures.PictureError as error:
        return Preview("none", reason=str(error))
    return Preview("pages", pages=1, note=f"{facts['width']} by {facts['height']} pixels")


def _table(rows_of: Callable[[IO[bytes]], sheets.Rows]) -> Callable[[IO[bytes]], Preview]:
    def draw(file: IO[bytes]) -> Preview:
        try:
            rows = sheets.first_rows(rows_of(file), MOST_ROWS + 2)
        except sheets.SheetError as error:
            return Preview("none", reason=str(error))
        if not rows:
            return Preview("none", reason="The table is empty.")
        width = max(map(len, rows))
        shown = tuple((*row, *[""] * (width - len(row))) for row in rows[: MOST_ROWS + 1])
        return Preview("table", rows=shown, cut=len(rows) > MOST_ROWS + 1)

    return draw


def _json(file: IO[bytes]) -> Preview:
    file.seek(0)
    content = file.read(_MOST_JSON + 1)
    try:
        if len(content) > _MOST_JSON:
            raise ValueError
        text = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return _text(file)
    return _shown(text)


def _text(file: IO[bytes]) -> Preview:
    file.seek(0)
    return _shown(file.read((MOST_CHARACTERS + 1) * 4).decode("utf-8-sig", "replace"))


def _document(file: IO[bytes]) -> Preview:
    reading = read(file, media.DOCX.type)
    if reading.text is None:
        return Preview("none", reason=reading.reason)
    shown = _shown(reading.text)
    return Preview("text", text=shown.text, cut=shown.cut, note="Its words alone, without their setting")


def _mail(file: IO[bytes]) -> Preview:
    try:
        found = mail.read_mail(file, most_characters=MOST_CHARACTERS + 1)
    except mail.MailError as error:
        return Preview("none", reason=str(error))
    return Preview(
        "mail", text=_safe(found.text[:MOST_CHARACTERS]), headers=tuple((name, _safe(value)) for name, value in found.headers),
        attachments=tuple((_safe(name), kind) for name, kind in found.attachments), cut=len(found.text) > MOST_CHARACTERS,
        note="Its words, taken out of HTML" if found.is_html else "",
    )  # fmt: skip


def _shown(text: str) -> Preview:
    if not text.strip():
        return Preview("none", reason="It holds no text.")
    return Preview("text", text=_safe(text[:MOST_CHARACTERS]), cut=len(text) > MOST_CHARACTERS)


def _safe(text: str) -> str:
    """What can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


_DRAWERS: dict[str, Callable[[IO[bytes]], Preview]] = {
    media.PDF.type: _pdf, media.PNG.type: _picture, media.JPEG.type: _picture, media.XLSX.type: _table(sheets.rows_of_book),
    media.CSV.type: _table(sheets.rows_of_csv), media.DOCX.type: _document, media.JSON.type: _json, media.TEXT.type: _text,
    media.MARKDOWN.type: _text, media.MAIL.type: _mail,
}  # fmt: skip
