"""The matrix as a paper: by series and criterion, then each control once as it is stated. Tagged PDF with bookmarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from compliance.tenancy.models import Organization
from compliance.web.documents.paper import set_as_pdf

from .matrix import Criterion, Matrix
from .models import Control
from .selectors import controls
from .sheet.book import Facts

#: More controls than this make a book that nobody reads, and that holds a worker for minutes: narrow the matrix first.
MOST = 400


@dataclass
class Part:
    """A series with its criteria, each with its controls."""

    name: str
    criteria: list[tuple[Criterion | None, list[Control]]] = field(default_factory=list)


def matrix_paper(room: Organization, matrix: Matrix, at: datetime, *, title: str, facts: Facts) -> bytes:
    """PDF/UA-1, its bookmarks by series and by control."""
    found = {each.ref: each for each in controls().filter(ref__in=matrix.controls_shown)}
    context: dict[str, Any] = {
        "organization": room, "title": title, "facts": facts, "at": at, "parts": _parts(matrix, found),
        "controls": found.values(),
        "stamp": "Sample company, simulated clock" if room.is_sample else "",
    }  # fmt: skip
    return set_as_pdf("controls/paper.html", context)


def _parts(matrix: Matrix, found: dict[str, Control]) -> list[Part]:
    parts: list[Part] = []
    for place in matrix.places:
        name = place.criterion.series if place.criterion else "Mapped to nothing"
        if not parts or parts[-1].name != name:
            parts.append(Part(name))
        criteria = parts[-1].criteria
        if not criteria or criteria[-1][0] != place.criterion:
            criteria.append((place.criterion, []))
        if place.ref:
            criteria[-1][1].append(found[place.ref])
    return parts
