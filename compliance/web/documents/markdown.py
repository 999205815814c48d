"""Markdown that people write, read into blocks and set as HTML. Raw HTML stays text, and links lead to the web or to mail.

Headings in a text are set below the heading that the text stands under, so that the outline of a document holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Where a link may lead. Anything else, such as `javascript:`, stays the text that was written.
SCHEMES = frozenset({"http", "https", "mailto"})
#: Text longer than this is refused by the forms that take it, in characters.
LONGEST = 100_000


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    reader.disable("image")  # a document may not fetch what somebody points at
    reader.validateLink = _leads_somewhere_safe  # type: ignore[method-assign]
    return reader


def _leads_somewhere_safe(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


def blocks_of(text: str, *, under: int = 0) -> Sequence[Token]:
    """The tokens of a text, its headings pushed down by `under` levels (six is the lowest)."""
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + under, 6)}"
        if token.type == "inline":
            _mark_links(token)
    return tokens


def _mark_links(inline: Token) -> None:
    for child in inline.children or []:
        if child.type == "link_open":
            child.attrSet("rel", "noopener noreferrer nofollow")


def as_html(text: str, *, under: int = 0) -> SafeString:
    """A text as HTML that is safe to put into a page."""
    reader = _reader()
    return SafeString(reader.renderer.render(list(blocks_of(text, under=under)), reader.options, {}))
