"""A drawing in a page or a document: SVG of ours with the words that stand for it, kept as it was drawn."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

#: Sheets from the smallest on, across and upright, in millimetres.
_SHEETS = {
    "a4": (297, 210), "a4-upright": (210, 297), "a3": (420, 297), "a3-upright": (297, 420), "a2": (594, 420),
    "a2-upright": (420, 594), "a1": (841, 594), "a1-upright": (594, 841),
}  # fmt: skip
#: What margins take of a sheet; downwards also the lines above a drawing and the legend under it.
_MARGINS, _LINES = 35, 86
_MM = 25.4 / 96  # of a pixel
#: A drawing is set no smaller than this share of its size; else it takes a larger sheet.
_LEGIBLE = 0.68


@dataclass(frozen=True)
class Figure:
    """What stands between `<svg>` and `</svg>`, written and escaped by our own code, and its corners in pixels.

    `title` names it and `description` says what it shows; both are plain text.
    """

    title: str
    description: str
    x: float
    y: float
    width: float
    height: float
    content: str

    @property
    def name(self) -> str:
        """An id for a page, which may hold several."""
        return f"figure-{zlib.crc32(self.content.encode()):08x}"

    def on_page(self) -> SafeString:
        """In its own size, with title and description for those who listen."""
        return self.svg(self.title, self.description, f"{self.width:g}", f"{self.height:g}")

    @property
    def sheet(self) -> str:
        """The smallest sheet on which it can be read; the best of the largest where none is large enough."""
        legible = next((sheet for sheet in _SHEETS if self._scale(sheet) >= _LEGIBLE), None)
        return legible or max(_SHEETS, key=self._scale)

    def on_sheet(self) -> SafeString:
        """As large as its sheet allows. The title carries the description: a PDF takes it as the alternative text."""
        scale = self._scale(self.sheet)
        wide, high = (f"{side * _MM * scale:.1f}mm" for side in (self.width, self.height))
        return self.svg(f"{self.title}. {self.description}", "", wide, high)

    def svg(self, title: str, description: str, width: str, height: str) -> SafeString:
        """The whole image."""
        told = format_html('<desc id="{}-d">{}</desc>', self.name, description) if description else ""
        names = f"{self.name}-t {self.name}-d" if description else f"{self.name}-t"
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="{} {} {} {}" width="{}" height="{}" role="img"'
            ' aria-labelledby="{}"><title id="{}-t">{}</title>{}{}</svg>',
            f"{self.x:g}", f"{self.y:g}", f"{self.width:g}", f"{self.height:g}", width, height, names, self.name, title, told,
            SafeString(self.content),
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """As JSON, for a version that keeps it."""
        return dict(vars(self))

    def _scale(self, sheet: str) -> float:
        across, down = _SHEETS[sheet]
        return min(1.0, (across - _MARGINS) / (self.width * _MM), (down - _LINES) / (self.height * _MM))


def figure_of(kept: dict[str, Any]) -> Figure:
    """A figure from what a version kept."""
    return Figure(**kept)
