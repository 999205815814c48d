"""The few SVG elements that charts are made of: attributes for geometry, class for paint, fill and stroke for print."""

from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString


def number(value: float) -> str:
    """A coordinate without a needless fraction."""
    return f"{round(value, 2):g}"


def rect(css: str, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "") -> str:
    """A rectangle; `fill` and `stroke` are what paper shows, `css` what the page shows."""
    edge = f' stroke="{stroke}"' if stroke else ""
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


def drawing(
    css: str, width: float, height: float, shapes: Iterable[str], *, label: str = "", attributes: str = ""
) -> SafeString:
    """A drawing that stretches to its place. With a `label` it is an image with those words, without it is silent."""
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" {}{}>{}</svg>',
        css,
        number(width),
        number(height),
        role,
        SafeString(attributes),
        SafeString("".join(shapes)),
    )
