"""What the dashboard needs of the figures, worked out once when they are kept: the sums without the rows, and the lamps drawn.

Both grow with the controls only where they are computed, in the job; the page hands them on as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from compliance.web.addresses import address_of
from compliance.web.charts.lamps import Lamp, lamps

_COLUMNS = 3


def summary_of(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures without the requirements of the programmes and without a lamp for each control."""
    programmes = [
        {name: value for name, value in each.items() if name != "requirements"} for each in figures.get("programmes", [])
    ]
    return {**{name: value for name, value in figures.items() if name != "lamps"}, "programmes": programmes}


def drawing_of(marks: Iterable[dict[str, str]], slug: str) -> SafeString:
    """One lamp per control by area, in columns; they come sorted by area."""
    rows = [
        (area or "No area", [Lamp(each["ref"], each["title"], each["state"], address_of("controls:control", slug, each["id"]))
                             for each in members])
        for area, members in groupby(marks, key=lambda each: each["area"])
    ]  # fmt: skip
    height = max(-(-len(rows) // _COLUMNS), 1)
    columns = [rows[first : first + height] for first in range(0, len(rows), height)]
    drawn = ((" ruled" if place else "", lamps(column)) for place, column in enumerate(columns))
    return format_html_join("", '<div class="c4{}">{}</div>', drawn)
