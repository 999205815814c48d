"""How each piece of the diagram is painted: a class for the page, which follows dark and light, and plain attributes of the
light paper for documents and files, which a class overrides (compliance/web/charts/palette.py)."""

from __future__ import annotations

from compliance.web.charts import palette

FONT = "Plex, 'IBM Plex Sans', 'DejaVu Sans', sans-serif"

_LINES: dict[str, tuple[str, str, float, str]] = {
    # class: fill, stroke, width, dashes
    "bd-paper": (palette.SHEET, "none", 0, ""),
    "bd-frame": ("none", palette.ACCENT, 2.5, ""),
    "bd-frame-in": ("none", palette.ACCENT, 0.75, ""),
    "bd-group": (palette.PAPER, palette.LINE_STRONG, 1, ""),
    "bd-group-out": (palette.WELL, palette.LINE_CONTROL, 1, "2 3"),
    "bd-box": (palette.SHEET, palette.INK_2, 1.25, ""),
    "bd-box-undecided": (palette.UNKNOWN_WASH, palette.UNKNOWN, 1.75, "5 3"),
    "bd-box-out": (palette.WELL, palette.LINE_CONTROL, 1.25, "2 2"),
    "bd-mark": ("none", palette.INK_2, 1, ""),
    "bd-flow": ("none", palette.INK_2, 1.25, ""),
    "bd-flow-crossing": ("none", palette.ACCENT, 2.5, ""),
    "bd-flow-outside": ("none", palette.LINE_CONTROL, 1.25, "4 3"),
    "bd-head": (palette.INK_2, "none", 0, ""),
    "bd-head-crossing": (palette.ACCENT, "none", 0, ""),
    "bd-head-outside": (palette.LINE_CONTROL, "none", 0, ""),
    "bd-gate": (palette.SHEET, palette.ACCENT, 2, ""),
    "bd-plate": (palette.SHEET, "none", 0, ""),
}
_WORDS: dict[str, tuple[str, int]] = {
    # class: colour, weight
    "bd-ref": (palette.ACCENT, 600),
    "bd-name": (palette.INK, 500),
    "bd-kind": (palette.NA, 400),
    "bd-note": (palette.INK_2, 500),
    "bd-fail": (palette.FAIL, 600),
    "bd-unknown": (palette.UNKNOWN, 600),
    "bd-title": (palette.INK_2, 600),
    "bd-frame-title": (palette.ACCENT, 600),
    "bd-data": (palette.INK_2, 400),
}


def shape(css: str) -> str:
    """Class and attributes of a shape."""
    fill, stroke, width, dashes = _LINES[css]
    edge = f' stroke="{stroke}" stroke-width="{width:g}"' if stroke != "none" else ""
    return f'class="{css}" fill="{fill}"{edge}' + (f' stroke-dasharray="{dashes}"' if dashes else "")


def words(css: str, size: float) -> str:
    """Class and attributes of text."""
    fill, weight = _WORDS[css]
    return f'class="{css}" fill="{fill}" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}"'
