"""What a file is, told by its bytes and not by its name. Pure; reads a file, keeps nothing of it.

An allow-list: what is not recognised is refused. A name that promises something else is refused too, because whoever
opens the file later goes by its name.
"""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from compliance.web.archives import CrowdedArchiveError, opened_archive

_OOXML = "application/vnd.openxmlformats-officedocument"
_HEAD = 1024
#: The container of old Office files, and of new ones that are locked with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
#: Headers of which a mail has at least one before its first empty line.
_MAIL_HEADER = re.compile(rb"^(from|received|return-path|delivered-to|mime-version|message-id):", re.IGNORECASE | re.MULTILINE)
_CHUNK = 256 * 1024
#: JSON is parsed to be sure of it, so only as much as may be held; a longer one is taken as text.
_MOST_PARSED = 5 * 1024 * 1024
#: What no text holds: control characters but for tab, line ends, form feed and the escape of coloured logs.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"


class NotAcceptedError(ValueError):
    """The file cannot be taken as evidence. The message says what to do instead."""


@dataclass(frozen=True)
class Media:
    """A kind of file: its media type, its name in words, the endings that its names may have."""

    type: str
    word: str
    endings: tuple[str, ...]


PDF = Media("application/pdf", "a PDF", (".pdf",))
PNG = Media("image/png", "a PNG picture", (".png",))
JPEG = Media("image/jpeg", "a JPEG picture", (".jpg", ".jpeg"))
XLSX = Media(f"{_OOXML}.spreadsheetml.sheet", "an Excel workbook", (".xlsx",))
DOCX = Media(f"{_OOXML}.wordprocessingml.document", "a Word document", (".docx",))
JSON = Media("application/json", "JSON", (".json",))
CSV = Media("text/csv", "CSV", (".csv",))
MARKDOWN = Media("text/markdown", "Markdown", (".md",))
MAIL = Media("message/rfc822", "a mail", (".eml",))
TEXT = Media("text/plain", "text", (".txt", ".log"))
ACCEPTED = (PDF, PNG, JPEG, XLSX, DOCX, CSV, JSON, TEXT, MARKDOWN, MAIL)
#: What may be handed out under its own type; everything else leaves as bytes without a meaning.
SAFE_TYPES = frozenset({each.type for each in ACCEPTED if each is not MAIL} | {"application/gzip", "application/zip"})
_ENDINGS = ", ".join(ending[1:].upper() for each in ACCEPTED for ending in each.endings[:1])


def media_of(file: IO[bytes], name: str) -> Media:
    """What the file is; it has to be seekable and is left at its start. Raises NotAcceptedError."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise NotAcceptedError("The file is empty.")
    found = _by_signature(head) or _office(file, head) or _text(file, PurePath(name).suffix.lower(), head)
    file.seek(0)
    if found is None and head.startswith(_OLE):
        raise NotAcceptedError(
            "This is an Office file that is locked with a password, or one of the old format. An auditor could not open it: "
            "save it as .xlsx or .docx without a password."
        )
    if found is None and head.startswith(_ZIP):
        raise NotAcceptedError("An archive hides what is in it. Unpack it and bring its files.")
    if found is None:
        raise NotAcceptedError(f"This is no kind of file that can be kept as evidence. It may be {_ENDINGS}.")
    if PurePath(name).suffix.lower() not in found.endings:
        raise NotAcceptedError(
            f"By its content this is {found.word}; its name has to end in {' or '.join(found.endings)}."
        )
    return found


def _by_signature(head: bytes) -> Media | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PDF if head.startswith(b"%PDF-") else None


def _office(file: IO[bytes], head: bytes) -> Media | None:
    """A workbook or a document by the parts it is made of; one that carries macros is refused."""
    if not head.startswith(_ZIP):
        return None
    try:
        with opened_archive(file) as parts:
            names = set(parts.namelist())
    except CrowdedArchiveError as error:
        raise NotAcceptedError(f"The file cannot be taken. {error} Save it anew, or as a PDF.") from error
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NotAcceptedError("The file is damaged: it begins like an Office file and cannot be read on.") from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotAcceptedError("The file carries macros. Save it without them.")
    if "[Content_Types].xml" not in names:
        return None
    return XLSX if "xl/workbook.xml" in names else DOCX if "word/document.xml" in names else None


def _text(file: IO[bytes], ending: str, head: bytes) -> Media | None:
    """Text in UTF-8, from the first byte to the last. Which kind of text it is nothing but the name can tell."""
    if ending in MAIL.endings and _is_mail(head):
        return MAIL
    file.seek(0)
    if not _is_utf8(iter(lambda: file.read(_CHUNK), b"")):
        return None
    if ending == ".json":
        return JSON if _is_json(file) else TEXT
    return next((each for each in (CSV, MARKDOWN) if ending in each.endings), TEXT)


def _is_mail(head: bytes) -> bool:
    """Whether it begins with the headers of a mail. Its parts may be in any encoding, so that it need not be UTF-8."""
    top = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return b"\0" not in head and _MAIL_HEADER.search(top) is not None


def _is_utf8(chunks: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            if len(chunk.translate(None, _CONTROLS)) < len(chunk):
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_json(file: IO[bytes]) -> bool:
    file.seek(0)
    content = file.read(_MOST_PARSED + 1)
    if len(content) > _MOST_PARSED:
        return True  # too long to be parsed here, and UTF-8 to its end
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
