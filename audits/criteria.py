"""The criterion column of a request list: one reference, several, a range, or `Engagement` (decisions, 32)."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[/,;\n]|\s+and\s+|\s{2,}")
_STEM = r"[A-Za-z.]*?(?:\d+\.)*"
_RANGE = re.compile(rf"^(?P<stem>{_STEM})(?P<first>\d+)\s*(?:-|–|—|to|\.\.)\s*(?P<stem2>{_STEM})(?P<last>\d+)$")
_REFERENCE = re.compile(r"^[A-Za-z]+[\d.]*\d$")
#: A range longer than this is taken as written: it is a slip of the pen, or no range.
_LONGEST = 60


def references(text: str) -> list[str]:
    """Every single reference in a criterion column, ranges opened, in order, none twice.

    >>> references("CC6.2/CC6.3"), references("DC1-DC3"), references("Engagement")
    (['CC6.2', 'CC6.3'], ['DC1', 'DC2', 'DC3'], ['Engagement'])
    """
    found: list[str] = []
    for part in _SEPARATORS.split(text or ""):
        word = part.strip()
        if word:
            found += [ref for ref in _opened(word) if ref not in found]
    return found


def _opened(word: str) -> list[str]:
    match = _RANGE.match(word)
    if match is None or not match["stem"].casefold().endswith(match["stem2"].casefold()):
        words = word.split()
        return words if all(_REFERENCE.match(each) for each in words) else [word]
    first, last = int(match["first"]), int(match["last"])
    if not match["stem"] or not first <= last <= first + _LONGEST:
        return [word]
    return [f"{match['stem']}{number}" for number in range(first, last + 1)]


def natural(ref: str) -> tuple[object, ...]:
    """A sort key that puts CC6.2 before CC6.10."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", ref) if part
    )
