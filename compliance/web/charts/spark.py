"""A trend in a table cell: a line as wide as its cell, from zero. The last value stands beside it in words."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from compliance.web.charts.palette import INK_2
from compliance.web.charts.shapes import drawing, number


def spark(values: Sequence[int], *, label: str) -> SafeString:
    """`values` from oldest to newest, at least two of them; fewer draw nothing, for one point is no trend."""
    if len(values) < 2:
        return SafeString("")
    top = max(*values, 1)
    step = 100 / (len(values) - 1)
    points = " ".join(f"{number(index * step)},{number(17 - value / top * 16)}" for index, value in enumerate(values))
    return drawing(
        "spark", 100, 18, [f'<polyline class="l" fill="none" stroke="{INK_2}" points="{points}"/>'], label=label
    )
