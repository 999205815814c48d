"""Tick marks: the glyphs that stand beside the words, as auditors use them.

One table draws them everywhere: `sprite()` puts all of them into a page once, `mark()` points at one of them, and
`drawn_mark()` draws one by itself for documents, where one drawing cannot point into another.
"""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

GLYPHS: dict[str, str] = {
    "pass": '<path d="M3 8.6 6.4 12 13 4.4"/>',
    "fail": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "unknown": '<path d="M5.2 5.6C5.2 3.9 6.4 3 8 3s2.8 1 2.8 2.5c0 2-2.8 2.1-2.8 4.2M8 12.9v.1"/>',
    "due": '<circle cx="8" cy="8" r="5.6"/><path d="M8 4.8V8l2.2 1.6"/>',
    "stale": '<path d="M4 2.6h8M4 13.4h8M5 2.6c0 3 3 3.6 3 5.4s-3 2.4-3 5.4M11 2.6c0 3-3 3.6-3 5.4s3 2.4 3 5.4"/>',
    "missing": '<circle cx="8" cy="8" r="5" stroke-dasharray="2.4 2"/><path d="M3.5 12.5l9-9"/>',
    "accepted": '<circle cx="8" cy="8" r="6"/><path d="M5.9 10.8 8 5.2l2.1 5.6M6.7 9.1h2.6"/>',
    "na": '<path d="M3.5 8h9"/>',
    "tocome": '<circle cx="8" cy="8" r="4.2"/>',
    "run": '<path d="M13 8a5 5 0 1 1-2-4M11 1.8V4.2H8.6"/>',
    "wait": '<path d="M5.5 4v8M10.5 4v8"/>',
    "event": '<path d="M8.8 1.8 4 9h4l-.8 5.2L12 7H8Z"/>',
    "critical": '<path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" fill="currentColor"/>',
    "significant": '<path d="M8 1.8 14.2 8 8 14.2 1.8 8Z"/><path d="M8 1.8V14.2L1.8 8Z" fill="currentColor"/>',
    "minor": '<path d="M8 1.8 14.2 8 8 14.2 1.8 8Z"/>',
    "down": '<path d="M4 6l4 4 4-4"/>',
    "up": '<path d="M8 13V3.5M4 7l4-4 4 4"/>',
    "asc": '<path d="M4 10l4-4 4 4"/>',
    "desc": '<path d="M4 6l4 4 4-4"/>',
    "x": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "plus": '<path d="M8 3.5v9M3.5 8h9"/>',
    "lock": '<rect x="3.5" y="7" width="9" height="6.5"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "open": '<circle cx="8" cy="8" r="5.4"/>',
    "half": '<circle cx="8" cy="8" r="5.4"/><path d="M8 2.6a5.4 5.4 0 0 1 0 10.8Z" fill="currentColor"/>',
    "returned": '<path d="M6 3 2.8 6.2 6 9.4M3 6.2h6.5a3.5 3.5 0 0 1 0 7H6"/>',
    "sent": '<path d="M3 8h9M8.6 4.4 12.2 8l-3.6 3.6"/>',
    "key": '<circle cx="5.5" cy="8" r="3"/><path d="M8.5 8H14M12 8v2.6"/>',
    "search": '<circle cx="7" cy="7" r="4.2"/><path d="M10.2 10.2 14 14"/>',
}

PATTERNS = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="p-hatch" stroke="#b9c2ba" stroke-width="1.5" d="M0 0V6"/></pattern>'
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="p-unknown" stroke="#6a38a6" stroke-width="2" d="M0 0V4"/></pattern>'
)


@cache
def mark(name: str) -> SafeString:
    """The glyph called `name`, for a page that carries the sprite. Silent: a word always stands beside it."""
    return format_html('<svg class="mark" aria-hidden="true"><use href="#m-{}"/></svg>', _known(name))


@cache
def drawn_mark(name: str, colour: str) -> SafeString:
    """The same glyph with its own paths and a stroke colour (a hex value), for documents."""
    return format_html(
        '<svg class="mark" viewBox="0 0 16 16" width="10" height="10" fill="none" stroke="{}" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        colour,
        SafeString(GLYPHS[_known(name)].replace("currentColor", colour)),
    )


@cache
def sprite() -> SafeString:
    """Every glyph and hatching once, hidden, at the head of a page."""
    symbols = "".join(f'<symbol id="m-{name}" viewBox="0 0 16 16">{paths}</symbol>' for name, paths in GLYPHS.items())
    return SafeString(
        '<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{PATTERNS}</defs>{symbols}</svg>"
    )


def _known(name: str) -> str:
    if name not in GLYPHS:
        raise KeyError(f"there is no tick mark called {name!r}")
    return name
