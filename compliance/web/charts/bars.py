"""Bars that stand beside their numbers: parts of a whole, in one line."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from compliance.web.charts.palette import FAIL, FAIL_WASH, FILLS
from compliance.web.charts.shapes import drawing, rect


class Part(NamedTuple):
    """A part of a bar: its tone (pass, fail, missing, unknown, due, stale, accepted, na, line), number and word."""

    tone: str
    number: int
    word: str = ""


def stackbar(parts: Sequence[Part], *, whole: str = "", on_paper: bool = False) -> SafeString:
    """The whole width shared out by number; `whole` names it for the label: "412 attributes"."""
    total = sum(part.number for part in parts)
    said = ", ".join(f"{part.number:,} {part.word or part.tone}" for part in parts)
    label = f"Of {whole or format(total, ',')}: {said}"
    shares = _shares(parts, total or 1, 1000, 12, gap=2)
    return drawing("stackbar", 1000, 12, shares, label=label, on_paper=on_paper)


def minibar(parts: Sequence[Part], *, of: int, on_paper: bool = False) -> SafeString:
    """A bar in a table cell: `of`, the largest row's number, would fill it. Silent: the row has the numbers."""
    return drawing("minibar", 100, 10, _shares(parts, max(of, 1), 100, 10, gap=1), on_paper=on_paper)


def _shares(parts: Iterable[Part], total: int, width: float, height: float, *, gap: float) -> list[str]:
    shapes, left = [], 0.0
    for part in parts:
        if part.number <= 0:
            continue
        share = part.number / total * width
        shapes.append(_share(part.tone, left, max(share - gap, gap / 2), height))
        left += share
    return shapes


def _share(tone: str, left: float, width: float, height: float) -> str:
    if tone == "missing":
        return rect("i-missed", left + 0.75, 0.75, width - 1.5, height - 1.5, fill=FAIL_WASH, stroke=FAIL)
    if tone == "unknown":
        return rect("i-dots", left, 0, width, height, fill="url(#dots)")
    return rect(f"s-{tone}", left, 0, width, height, fill=FILLS[tone])
