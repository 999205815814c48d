"""A drawing in a page or a document: SVG of ours with the words that stand for it, kept as it was drawn."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

#: Room for a drawing, in millimetres: A4 and A3 across, less their margins and the lines above it.
_SHEETS = {"a4": (262.0, 128.0), "a3": (386.0, 222.0)}
_MM = 25.4 / 96  # of a pixel
#: On A4 a drawing is set no smaller than this share of its size; else it takes an A3 sheet.
_LEGIBLE = 0.72


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
        """The sheet that a document gives it: `a4`, or `a3` where it could not be read on that."""
        return "a4" if self._scale("a4") >= _LEGIBLE else "a3"

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
        return min(1.0, across / (self.width * _MM), down / (self.height * _MM))


def figure_of(kept: dict[str, Any]) -> Figure:
    """A figure from what a version kept."""
    return Figure(**kept)
