"""The matrix as papers: by series and criterion, then each control once as it is stated. Tagged PDF with bookmarks.

Setting a page costs time and memory, so what a request may ask for is small, and a large matrix is set in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from compliance.tenancy.models import Organization
from compliance.web.documents.paper import set_as_pdf

from .matrix import Criterion, Matrix, Place
from .models import Control
from .selectors import controls
from .sheet.book import Facts

#: Rows of the matrix that are set while somebody waits: about two seconds, of which each row takes a thirtieth.
AT_ONCE = 60
#: Rows of one paper: what is laid out in one go, and so what it takes in memory.
_IN_ONE = 250


@dataclass
class Part:
    """A series with its criteria, each with its controls."""

    name: str
    criteria: list[tuple[Criterion | None, list[Control]]] = field(default_factory=list)


def matrix_paper(room: Organization, places: Sequence[Place], *, title: str, facts: Facts) -> bytes:
    """Those rows as PDF/UA-1, its bookmarks by series and criterion, then by control."""
    found = {each.ref: each for each in controls().filter(ref__in={place.ref for place in places} - {""})}
    context: dict[str, Any] = {
        "organization": room, "title": title, "facts": facts, "parts": _parts(places, found), "controls": found.values(),
        "stamp": "Sample company, simulated clock" if room.is_sample else "",
    }  # fmt: skip
    return set_as_pdf("controls/paper.html", context)


def papers_by_series(
    room: Organization, matrix: Matrix, *, title: str, facts: Facts
) -> Iterator[tuple[str, bytes]]:
    """The whole matrix as papers that one can read, one after another: (name, PDF) for each series, a long one in pieces."""
    for name, group in groupby(matrix.places, key=series_of):
        places = list(group)
        pieces = range(0, len(places), _IN_ONE)
        for number, start in enumerate(pieces, start=1):
            called = f"{name}, part {number}" if len(pieces) > 1 else name
            said = [*facts, ("This paper", f"{called}: rows {start + 1} to {min(start + _IN_ONE, len(places))} of {len(places)}")]
            yield called, matrix_paper(room, places[start : start + _IN_ONE], title=f"{title}, {called}", facts=said)


def series_of(place: Place) -> str:
    """The series that a row belongs to, in words."""
    return place.criterion.series if place.criterion else "Mapped to nothing"


def _parts(places: Sequence[Place], found: dict[str, Control]) -> list[Part]:
    parts: list[Part] = []
    for place in places:
        if not parts or parts[-1].name != series_of(place):
            parts.append(Part(series_of(place)))
        criteria = parts[-1].criteria
        if not criteria or criteria[-1][0] != place.criterion:
            criteria.append((place.criterion, []))
        if place.ref:
            criteria[-1][1].append(found[place.ref])
    return parts
