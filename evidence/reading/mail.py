"""A mail as it was kept (.eml): headers, its words, what is attached. HTML in it is text and never a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from html import unescape
from typing import IO

#: Only so much of a mail is parsed, so many of its parts are looked at, so many characters of each header are kept.
_MOST_BYTES, _MOST_PARTS, _LONGEST_HEADER = 8 * 1024 * 1024, 200, 500
#: Characters of a header that are parsed: addresses and parameters take time that grows with the square of their length.
_MOST_PARSED = 1_000
_HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID")
_SILENT = re.compile(r"(?is)<(script|style)\b.*?(</\1>|$)")
_TAG = re.compile(r"(?s)<[^<>]{0,5000}>")


class MailError(Exception):
    """It cannot be read; the message says why."""


class _Short(policy.EmailPolicy):
    """Headers up to a length. What stands beyond it is cut before anything parses it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MOST_PARSED]


@dataclass(frozen=True)
class Mail:
    """What a mail says. `is_html` where its words were taken out of HTML, because it has no plain text."""

    headers: tuple[tuple[str, str], ...]
    text: str
    is_html: bool
    attachments: tuple[tuple[str, str], ...]


def read_mail(file: IO[bytes], *, most_characters: int) -> Mail:
    """The mail in a file. Raises MailError."""
    file.seek(0)
    try:
        message = BytesParser(policy=_Short()).parsebytes(file.read(_MOST_BYTES))
        parts = list(_parts(message))
        plain = next((each for each in parts if _is_words(each, "text/plain")), None)
        html = next((each for each in parts if _is_words(each, "text/html")), None)
        words = _words(plain) if plain is not None else _out_of_html(_words(html)[: 8 * most_characters]) if html is not None else ""
        attached = tuple(_attached(each) for each in parts if each is not plain and each is not html)
        return Mail(_headers(message), words[:most_characters], plain is None and html is not None, attached)
    except MailError:
        raise
    except Exception as error:  # the parser raises whatever the header that is broken makes it raise
        raise MailError("The mail is damaged and cannot be read. Download it to look.") from error


def _parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, outermost first; a mail within a mail is an attachment and not opened."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS:
            raise MailError(f"The mail has more than {_MOST_PARTS} parts, more than any that a person wrote.")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting = [each for each in inner if isinstance(each, Message)] + waiting
        else:
            yield part


def _is_words(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _words(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _out_of_html(html: str) -> str:
    plain = unescape(_TAG.sub(" ", _SILENT.sub(" ", html)))
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    found = ((name, message.get(name)) for name in _HEADERS)
    return tuple((name, " ".join(str(value).split())[:_LONGEST_HEADER]) for name, value in found if value)


def _attached(part: Message) -> tuple[str, str]:
    name = " ".join(str(part.get_filename() or "without a name").split())[:_LONGEST_HEADER]
    return name, part.get_content_type()
