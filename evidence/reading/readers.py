"""What is inside a file: its words for search, and what it says of itself. Bounded in every direction; knows no database."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from compliance.web.archives import opened_archive

from .. import media
from . import mail, pictures, poppler, sheets

log = logging.getLogger(__name__)
#: Characters of text that are kept of one file, pages and rows that they are taken from.
MOST_CHARACTERS, _MOST_PAGES, _MOST_ROWS = 200_000, 300, 20_000
#: Characters below which two texts that are alike prove nothing.
_TELLING = 200
_MOST_XML = 40 * 1024 * 1024
_LONGEST_FACT = 200
_DOCTYPE = b"<!DOCTYPE"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Facts = dict[str, "str | int"]


@dataclass(frozen=True)
class Reading:
    """What was read. Without `text` it cannot be searched, and `reason` says why.

    `facts` are the file's own: `made` and `changed` (ISO 8601 where the file says so), `with` (the program), `width`,
    `height`, `pages`, `rows` (of a table, without its head), and as flags `locked` (a password), `empty` (an export of
    nothing) and `picture` (its words cannot be read).
    """

    text: str | None
    reason: str = ""
    facts: Facts = field(default_factory=dict)

    @property
    def text_sha256(self) -> str:
        """Of its words whatever their spacing; empty where there are too few to tell one text from another."""
        words = " ".join((self.text or "").split())
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest() if len(words) >= _TELLING else ""


def read(file: IO[bytes], media_type: str) -> Reading:
    """Look into a file. What cannot be read is said and never raised."""
    reader = _READERS.get(media_type.partition(";")[0])
    if reader is None:
        return Reading(None, "Files of this kind are not looked into.")
    try:
        found = reader(file)
    except Exception:
        log.exception("A file of type %s could not be looked into", media_type)
        return Reading(None, "It could not be looked into.")
    text = _storable(found.text)[:MOST_CHARACTERS] if found.text is not None else None
    facts: Facts = {name: _storable(value) if isinstance(value, str) else value for name, value in found.facts.items()}
    return Reading(text, found.reason, facts)


def _storable(text: str) -> str:
    """What a database holds as text."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _pdf(file: IO[bytes]) -> Reading:
    try:
        with poppler.OnDisk(poppler.chunks_of(file)) as path:
            said = poppler.information(path)
            words = poppler.text(path, pages=_MOST_PAGES)
    except poppler.LockedError as error:
        return Reading(None, str(error), {"locked": 1})
    except poppler.PopplerError as error:
        return Reading(None, str(error))
    facts = _facts(made=said.get("CreationDate", ""), changed=said.get("ModDate", ""), program=said.get("Producer", ""))
    if said.get("Pages", "").isdecimal():
        facts["pages"] = int(said["Pages"])
    if not words.strip():
        return Reading(None, "It holds pictures of pages and no text.", facts | {"picture": 1})
    return Reading(words, facts=facts)


def _picture(file: IO[bytes]) -> Reading:
    try:
        return Reading(None, "It is a picture: its words cannot be read.", pictures.facts_of(file) | {"picture": 1})
    except pictures.PictureError as error:
        return Reading(None, str(error))


def _book(file: IO[bytes]) -> Reading:
    try:
        words, rows = _words_of_rows(sheets.rows_of_book(file))
    except sheets.SheetError as error:
        return Reading(None, str(error))
    return Reading(words, facts=_core_facts(file) | _table_facts(rows))


def _csv(file: IO[bytes]) -> Reading:
    try:
        words, rows = _words_of_rows(sheets.rows_of_csv(file))
    except sheets.SheetError as error:
        return Reading(None, str(error))
    return Reading(words, facts=_table_facts(rows))


def _words_of_rows(rows: sheets.Rows) -> tuple[str, int]:
    """The words of a table, and how many rows it has (as many as are looked at, where there are more)."""
    lines, length, number = [], 0, 0
    with closing(rows):
        for row in islice(rows, _MOST_ROWS):
            number += 1
            if length < MOST_CHARACTERS:
                lines.append(" ".join(row))
                length += len(lines[-1])
    return "\n".join(lines), number


def _table_facts(rows: int) -> Facts:
    facts: Facts = {"rows": max(rows - 1, 0) if rows < _MOST_ROWS else f"{_MOST_ROWS:,} or more"}
    if rows <= 1:
        facts["empty"] = 1
    return facts


def _document(file: IO[bytes]) -> Reading:
    try:
        words = "".join(_words_of_document(file))
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, RuntimeError, NotImplementedError, ValueError):
        return Reading(None, "The document is damaged and cannot be read.")
    facts = _core_facts(file)
    return Reading(words, facts=facts) if words.strip() else Reading(None, "It holds no text.", facts)


def _words_of_document(file: IO[bytes]) -> Iterator[str]:
    length = 0
    for element in _elements(file, "word/document.xml"):
        if element.tag == f"{_W}t" and element.text:
            length += len(element.text)
            yield element.text
        elif element.tag == f"{_W}p":
            yield "\n"
        element.clear()
        if length > MOST_CHARACTERS:
            return


def _core_facts(file: IO[bytes]) -> Facts:
    """What an Office file says of itself."""
    said = {}
    try:
        for element in _elements(file, "docProps/core.xml"):
            said[element.tag.rpartition("}")[2]] = (element.text or "").strip()
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, RuntimeError, NotImplementedError, ValueError):
        return {}
    return _facts(made=said.get("created", ""), changed=said.get("modified", ""), program="")


def _elements(file: IO[bytes], part: str) -> Iterator[Element]:
    """The elements of one part of an Office file, as each ends. No more of it is unpacked than anybody writes."""
    file.seek(0)
    parser: Any = XMLPullParser(["end"])
    unpacked, before = 0, b""
    with opened_archive(file) as parts, parts.open(part) as stream:
        while piece := stream.read(64 * 1024):
            unpacked += len(piece)
            if unpacked > _MOST_XML:
                raise ValueError("It unpacks to more than anybody writes.")
            if _declares_entities(before + piece):
                raise ValueError("It declares a document type, which no Office file does.")
            before = piece[-len(_DOCTYPE) :]
            parser.feed(piece)
            for _, element in parser.read_events():
                yield element


def _declares_entities(piece: bytes) -> bool:
    """Whether a document type stands in it, or may: in UTF-16, which is all zeros between its letters, it would not be seen."""
    return _DOCTYPE in piece or b"\0" in piece


def _json(file: IO[bytes]) -> Reading:
    words = _beginning(file)
    try:
        empty = not json.loads(words) if len(words) < MOST_CHARACTERS else False
    except (ValueError, RecursionError):
        empty = False
    return Reading(words, facts={"empty": 1} if empty else {})


def _plain(file: IO[bytes]) -> Reading:
    words = _beginning(file)
    return Reading(words, facts={} if words.strip() else {"empty": 1})


def _beginning(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(MOST_CHARACTERS * 4).decode("utf-8-sig", "replace")[:MOST_CHARACTERS]


def _mail(file: IO[bytes]) -> Reading:
    try:
        found = mail.read_mail(file, most_characters=MOST_CHARACTERS)
    except mail.MailError as error:
        return Reading(None, str(error))
    heads = [f"{name}: {value}" for name, value in found.headers]
    names = [name for name, _ in found.attachments]
    made = dict(found.headers).get("Date", "")
    return Reading("\n".join([*heads, found.text, *names]), facts=_facts(made=made, changed="", program=""))


def _facts(*, made: str, changed: str, program: str) -> Facts:
    stated = {"made": made, "changed": changed, "with": program}
    return {name: re.sub(r"\s+", " ", value)[:_LONGEST_FACT] for name, value in stated.items() if value}


_READERS: dict[str, Callable[[IO[bytes]], Reading]] = {
    media.PDF.type: _pdf, media.PNG.type: _picture, media.JPEG.type: _picture, media.XLSX.type: _book,
    media.DOCX.type: _document, media.CSV.type: _csv, media.JSON.type: _json, media.TEXT.type: _plain,
    media.MARKDOWN.type: _plain, media.MAIL.type: _mail,
}  # fmt: skip
