"""The matrix as rows of a spreadsheet: what the page shows, and the words that it has no room for. What goes out can
come in again (controls/sheet/intake.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from compliance.frameworks.models import Requirement
from compliance.web.imports.cells import neutral

from .matrix import Matrix, Place, parts_of
from .models import Control, Standing
from .selectors import controls
from .sheet.columns import STATED, columns_of
from .sheet.names import Frameworks, Owners, owners

_TOGETHER = 2_000


class Written:
    """What the cells of a table name, read once for all of its rows."""

    def __init__(self) -> None:
        self.frameworks: Frameworks = Frameworks()
        self.owners: Owners = owners()
        self.columns = columns_of(self)

    def line(self, row: Mapping[str, Any]) -> list[Any]:
        """A row as cells in which nothing acts: counts stay numbers, all else is text."""
        return [_cell(row.get(column.name), column.text) for column in self.columns]


def _cell(value: Any, text: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return neutral(text(value))


class _Unnamed:
    """Stands for names where only the heads are asked for."""

    frameworks: Any = None
    owners: Any = None


HEAD = tuple(column.label for column in columns_of(_Unnamed()))


def lines_of(matrix: Matrix, at: datetime) -> Iterator[list[Any]]:
    """A line per criterion and control, in the order of the page. Controls are fetched some hundreds at a time."""
    written = Written()
    for row in rows_of(matrix, at):
        yield written.line(row)


def rows_of(matrix: Matrix, at: datetime) -> Iterator[dict[str, Any]]:
    """The same as values, by the names of the columns."""
    framework = _framework_of(matrix)
    for start in range(0, len(matrix.places), _TOGETHER):
        yield from _rows(matrix.places[start : start + _TOGETHER], framework, at)


def _framework_of(matrix: Matrix) -> UUID | None:
    """Of which framework the criteria are: all of one matrix are of the same."""
    ids = [each.id for each in matrix.criteria[:1]]
    return Requirement.objects.filter(pk__in=ids).order_by().values_list("framework_id", flat=True).first()


def _rows(places: Iterable[Place], framework: UUID | None, at: datetime) -> Iterator[dict[str, Any]]:
    places = list(places)
    found = {each.ref: each for each in controls().filter(ref__in={place.ref for place in places})}
    parts = parts_of(places)
    for place in places:
        criterion, control = place.criterion, found.get(place.ref)
        row: dict[str, Any] = {"as_at": at}
        if criterion:
            row |= {
                "framework": framework, "requirement": criterion.ref, "requirement_title": criterion.title,
                "part": parts.get((criterion.id, place.ref), ""),
            }  # fmt: skip
        yield row | stated(control) | _standing(control) if control else row


def stated(control: Control) -> dict[str, Any]:
    """What a control says of itself, by the names of the columns."""
    return {"ref": control.ref} | {name: getattr(control, name) for name in STATED}


def _standing(control: Control) -> dict[str, Any]:
    standing: Standing = getattr(control, "standing", None) or Standing(control=control)
    sums = standing.coverage.get("sums", {})
    return {
        "design": control.get_design_display(), "operation": standing.operation.replace("_", " "),
        "judged": _judged(standing.checks),
        "evidence": standing.evidence.replace("_", " "), "lacks": ", ".join(standing.missing),
        **{state: sums.get(state, 0) for state in ("filled", "late", "missed")},
        "last_evidence": standing.last_evidence_at, "last_review": standing.last_review_at, "open_gaps": standing.open_gaps,
        "worst_gap": standing.worst_gap, "top_gap": standing.top_gap_ref,
    }  # fmt: skip


def _judged(checks: int) -> str:
    """By how many checks, or by people alone."""
    return {0: "Manual", 1: "1 check"}.get(checks, f"{checks} checks")
