"""The matrix as rows of a spreadsheet: what the page shows, and the words that it has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from compliance.web.csv_lines import moment

from .matrix import Matrix, Place, parts_of
from .models import Control, Standing
from .selectors import controls

HEAD = (
    "Requirement", "Requirement title", "Part met", "Control", "Title", "Statement", "Area", "Owner", "Owner role",
    "Frequency", "Done by", "Kind", "Key control", "In place", "Design", "Operation", "Evidence", "Lacks",
    "Intervals filled", "Intervals late", "Intervals missed", "Last evidence (UTC)", "Open gaps", "Worst gap",
    "First gap", "As at (UTC)",
)  # fmt: skip
_TOGETHER = 500


def lines_of(matrix: Matrix, at: datetime) -> Iterator[tuple[Any, ...]]:
    """A line per criterion and control, in the order of the page. Controls are fetched some hundreds at a time."""
    for start in range(0, len(matrix.places), _TOGETHER):
        yield from _lines(matrix.places[start : start + _TOGETHER], at)


def _lines(places: list[Place], at: datetime) -> Iterator[tuple[Any, ...]]:
    found = {each.ref: each for each in controls().filter(ref__in={place.ref for place in places})}
    parts = parts_of(places)
    for place in places:
        criterion, control = place.criterion, found.get(place.ref)
        asked = (
            (criterion.ref, criterion.title, parts.get((criterion.id, place.ref), "")) if criterion else ("", "", "")
        )
        yield (*asked, *(_cells(control) if control else [""] * (len(HEAD) - 4)), moment(at))


def _cells(control: Control) -> list[Any]:
    standing: Standing = getattr(control, "standing", None) or Standing(control=control)
    sums = standing.coverage.get("sums", {})
    return [
        control.ref, control.title, control.statement, control.area, control.owner.name if control.owner else "",
        control.owner_role, control.get_frequency_display(), control.get_nature_display(), control.get_kind_display(),
        "yes" if control.key else "no", control.get_implementation_display(), control.get_design_display(),
        standing.operation.replace("_", " "), standing.evidence.replace("_", " "), ", ".join(standing.missing),
        *(sums.get(state, 0) for state in ("filled", "late", "missed")), moment(standing.last_evidence_at),
        standing.open_gaps, standing.worst_gap, standing.top_gap_ref,
    ]  # fmt: skip
