"""The few SVG elements that charts are made of: attributes for geometry, class for paint, fill and stroke for print."""

import re
import zlib
from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from compliance.web.marks import PATTERNS


def number(value: float) -> str:
    """A coordinate without a needless fraction."""
    return f"{round(value, 2):g}"


def rect(
    css: str, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "", dashes: str = ""
) -> str:
    """A rectangle; `fill`, `stroke` and `dashes` are what paper shows, `css` what the page shows."""
    edge = f' stroke="{stroke}"' if stroke else ""
    edge += f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<rect class="{css}" x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}"'
        f' height="{number(height)}" fill="{fill}"{edge}/>'
    )


def line(css: str, x: float, top: float, bottom: float, *, stroke: str, dashed: bool = False) -> str:
    """A line from top to bottom at `x`."""
    dashes = ' stroke-dasharray="3 2"' if dashed else ""
    at = number(x)
    return (
        f'<line class="{css}" x1="{at}" x2="{at}" y1="{number(top)}" y2="{number(bottom)}" stroke="{stroke}"{dashes}/>'
    )


def titled(title: str, css: str, content: str, **data: str) -> str:
    """A group that says what it is when pointed at, and to the coverage reader."""
    extra = "".join(f' data-{name}="{conditional_escape(value)}"' for name, value in data.items() if value)
    return f'<g class="{css}"{extra}><title>{conditional_escape(title)}</title>{content}</g>'


def with_hatching(shapes: str) -> str:
    """`shapes` with the hatchings they fill themselves with, for paper: WeasyPrint lets no drawing point into another.

    In a page the hatchings stand once, in the sprite. Here their ids carry a digest of the drawing, since a document
    may hold many.
    """
    if "url(#" not in shapes:
        return shapes
    own = f"-{zlib.crc32(shapes.encode()):08x}"
    patterns = re.sub(r'id="(\w+)"', rf'id="\g<1>{own}"', PATTERNS)
    return f"<defs>{patterns}</defs>" + re.sub(r"url\(#(\w+)\)", rf"url(#\g<1>{own})", shapes)


def drawing(
    css: str,
    width: float,
    height: float,
    shapes: Iterable[str],
    *,
    label: str = "",
    attributes: str = "",
    on_paper: bool = False,
    role: str = "img",
) -> SafeString:
    """A drawing that stretches to its place. With a `label` it is an image with those words, without it is silent.

    `on_paper` brings its hatchings along, see `with_hatching`.
    """
    drawn = "".join(shapes)
    named = format_html('role="{}" aria-label="{}"', role, label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" {}{}>{}</svg>',
        css,
        number(width),
        number(height),
        named,
        SafeString(attributes),
        SafeString(with_hatching(drawn) if on_paper else drawn),
    )
