"""How wide words are set, and how a name is wrapped or shortened so that it fits. Pure.

Widths are estimates in parts of the type size, on the wide side: what fits here fits in IBM Plex Sans and in the system
fonts that stand in for it.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_NARROW, _WIDE = frozenset("ilIjtfr.,:;'|!()[]/-· "), frozenset("mwMW@%&")
_OF_NARROW, _OF_MOST, _OF_CAPITALS, _OF_WIDE, _OF_IDEOGRAPHS = 0.4, 0.62, 0.7, 0.98, 1.05


def width_of(text: str, size: float) -> float:
    """How wide a text is set at most, in the unit of `size`."""
    return sum(map(_share, text)) * size


def _share(letter: str) -> float:
    if letter in _NARROW:
        return _OF_NARROW
    if letter in _WIDE:
        return _OF_WIDE
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0x2FFF:
        return _OF_IDEOGRAPHS
    return _OF_CAPITALS if letter.isupper() else _OF_MOST


def plain(text: str) -> str:
    """Text as one line that XML can carry: no control or unassigned characters, no marks that turn the direction of what
    follows, no run of spaces."""
    kept = (letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    return " ".join("".join(kept).split())


def shortened(text: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis where it is wider than `width`."""
    if width_of(text, size) <= width:
        return text
    room = width - width_of(ELLIPSIS, size)
    kept, used = [], 0.0
    for letter in text:
        used += _share(letter) * size
        if used > room:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + ELLIPSIS


def wrapped(text: str, width: float, size: float, *, lines: int = 2) -> list[str]:
    """The text in at most so many lines, broken at spaces, else within a word; what is too long ends in an ellipsis."""
    found: list[str] = []
    rest = plain(text)
    while rest and len(found) < lines - 1:
        line = _first_line(rest, width, size)
        found.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return [*found, shortened(rest, width, size)] if rest else found


def _first_line(text: str, width: float, size: float) -> str:
    used, space = 0.0, 0
    for at, letter in enumerate(text):
        used += _share(letter) * size
        if used > width and at:
            return text[:space] if space else text[:at]
        if letter == " ":
            space = at
        elif letter in "-/" and used <= width:
            space = at + 1
    return text
