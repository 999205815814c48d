"""The matrix as rows of a spreadsheet: what the page shows, and the words that it has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from .matrix import Criterion, Matrix
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
    waiting: list[tuple[Criterion | None, UUID | None, str]] = []
    for place in matrix.rows():
        waiting.append(place)
        if len(waiting) == _TOGETHER:
            yield from _lines(waiting, at)
            waiting = []
    yield from _lines(waiting, at)


def _lines(places: list[tuple[Criterion | None, UUID | None, str]], at: datetime) -> Iterator[tuple[Any, ...]]:
    found = {each.pk: each for each in controls().filter(pk__in={pk for _, pk, _ in places if pk})}
    for criterion, control_id, part in places:
        asked = (criterion.ref, criterion.title, part) if criterion else ("", "", "")
        control = found.get(control_id) if control_id else None
        yield (*asked, *(_cells(control) if control else [""] * (len(HEAD) - 4)), _moment(at))


def _cells(control: Control) -> list[Any]:
    standing: Standing = getattr(control, "standing", None) or Standing(control=control)
    sums = standing.coverage.get("sums", {})
    return [
        control.ref, control.title, control.statement, control.area, control.owner.name if control.owner else "",
        control.owner_role, control.get_frequency_display(), control.get_nature_display(), control.get_kind_display(),
        "yes" if control.key else "no", control.get_implementation_display(), control.get_design_display(),
        standing.operation.replace("_", " "), standing.evidence.replace("_", " "), ", ".join(standing.missing),
        *(sums.get(state, 0) for state in ("filled", "late", "missed")), _moment(standing.last_evidence_at),
        standing.open_gaps, standing.worst_gap, standing.top_gap_ref,
    ]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else ""
