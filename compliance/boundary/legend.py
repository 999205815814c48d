"""What each line and outline means: beside the drawing in pages and documents, within it in a file that travels alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .drawing import Drawn, box_shape, rect, text
from .landscape import Node, Place
from .layout import Rect
from .lettering import width_of
from .paint import shape

_WIDE, _HIGH = 34.0, 16.0
_LINE, _GAP = 26.0, 26.0


@dataclass(frozen=True)
class Sample:
    """A piece of the drawing, and what it means."""

    drawing: str
    word: str


def samples() -> list[Sample]:
    """Every sign of the drawing, in the order in which a reader needs them."""
    return [
        Sample(_frame(), "In-scope boundary"),
        Sample(_box("application", "in"), "In scope"),
        Sample(_box("application", "undecided"), "Undecided: counts as in scope"),
        Sample(_box("application", "out", Place.OUT), "Out of scope, or for other services"),
        Sample(_box("database", "in"), "Database or data store"),
        Sample(_box("team", "in"), "Team, location or environment"),
        Sample(_box("third_party", "in", Place.PARTY), "Third party"),
        Sample(_flow("-crossing", gate=True), "Flow across the boundary"),
        Sample(_flow(""), "Flow within it"),
        Sample(_flow("-outside"), "Flow outside it"),
    ]


def _box(kind: str, decision: str, place: Place = Place.INSIDE) -> str:
    node = Node("", "", "", kind, place, decision)
    return "".join(box_shape(node, Rect(1, 1, _WIDE - 2, _HIGH - 2)))


def _frame() -> str:
    return rect("bd-frame", Rect(1.5, 1.5, _WIDE - 3, _HIGH - 3)) + rect(
        "bd-frame-in", Rect(5, 5, _WIDE - 10, _HIGH - 10)
    )


def _flow(kind: str, *, gate: bool = False) -> str:
    middle = _HIGH / 2
    parts = [
        f'<path {shape("bd-flow" + kind)} d="M1 {middle:g}H{_WIDE - 7:g}"/>',
        f'<polygon {shape("bd-head" + kind)} points="{_WIDE:g},{middle:g} {_WIDE - 8:g},{middle - 4:g} {_WIDE - 8:g},{middle + 4:g}"/>',
    ]
    if gate:
        parts.append(f'<circle {shape("bd-gate")} cx="12" cy="{middle:g}" r="4"/>')
    return "".join(parts)


def as_key(*, on_paper: bool = False) -> SafeString:
    """The legend in HTML: each sign with its meaning. `on_paper` each sign says it too: a PDF knows no silent drawing."""
    entries = "".join(
        format_html(
            '<span><svg class="sign" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}{}</svg>{}</span>',
            f"{_WIDE:g}", f"{_HIGH:g}", f"{_WIDE:g}", f"{_HIGH:g}",
            format_html("<title>Sign: {}</title>", each.word) if on_paper else "", SafeString(each.drawing), each.word,
        )
        for each in samples()
    )  # fmt: skip
    return format_html('<div class="key"><b>Legend</b>{}</div>', SafeString(entries))


def with_legend(drawing: Drawn) -> Drawn:
    """The drawing with the legend beneath it."""
    width = max(drawing.width, 560.0)
    parts, bottom = _set(width, drawing.height + _LINE)
    return Drawn(width, bottom, drawing.content + "".join(parts))


def _set(width: float, top: float) -> tuple[list[str], float]:
    """The samples in lines as wide as the drawing, and where the last line ends."""
    parts: list[str] = []
    x, y = 0.0, top
    for each in samples():
        taken = _WIDE + 8 + width_of(each.word, 12)
        if x and x + taken > width:
            x, y = 0.0, y + _LINE
        parts += _one(each, x, y)
        x += taken + _GAP
    return parts, y + _HIGH


def _one(sample: Sample, x: float, y: float) -> Iterator[str]:
    yield f'<g transform="translate({x:g} {y:g})">{sample.drawing}</g>'
    yield text("bd-data", x + _WIDE + 8, y + 12, sample.word)
