"""The gap register and the control matrix as workbooks. Rows are fetched and written some hundreds at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import now
from compliance.web.csv_lines import moment
from controls.export import HEAD as MATRIX_HEAD
from controls.export import lines_of
from controls.matrix import Matrix, criteria_of
from gaps.models import Gap, Occurrence

from .book import Book
from .registers import gaps_by_rank

GAP_HEAD = (
    "Gap", "Rank", "Title", "Severity", "Computed severity", "Why overridden", "State", "Reasons of the rank", "Cause", "Remedy",
    "Area", "Criteria", "Control", "Evidence requirement", "Connection", "Owner", "Due", "Opened (UTC)", "Facts of (UTC)",
    "Reopened times", "Closed (UTC)", "Closing note",
)  # fmt: skip
_GAP_WIDTHS = (10, 6, 48, 12, 12, 24, 16, 60, 48, 48, 10, 18, 10, 14, 18, 22, 12, 16, 16, 9, 16, 32)
OCCURRENCE_HEAD = ("Gap", "Resource", "What is wrong", "First seen (UTC)", "Last seen (UTC)", "Gone (UTC)")
_OCCURRENCE_WIDTHS = (10, 60, 70, 16, 16, 16)
_MATRIX_WIDTHS = (
    12, 36, 16, 10, 36, 60, 16, 22, 18, 14, 12, 12, 8, 14, 12, 10, 24, 60, 16, 12, 14, 14, 24, 9, 9, 9, 16, 16, 9, 12, 10, 16,
)  # fmt: skip
_TOGETHER = 500


def gap_register() -> IO[bytes]:
    """Every gap, the open ones in rank order and then what is closed; and every resource that each names."""
    with Book("Gap register") as book:
        book.sheet("Gaps", GAP_HEAD, _gaps(), _GAP_WIDTHS)
        book.sheet("Resources", OCCURRENCE_HEAD, _occurrences(), _OCCURRENCE_WIDTHS)
    return book.file


def matrix_book() -> IO[bytes]:
    """The matrix of each programme under way on a sheet of its own; where there is none, of SOC 2's criteria."""
    at = now()
    with Book("Control matrix") as book:
        for measure in measures():
            matrix = Matrix(criteria_of(measure), {})
            name = measure.name if isinstance(measure, Programme) else str(measure)
            book.sheet(name, MATRIX_HEAD, lines_of(matrix, at), _MATRIX_WIDTHS)
    return book.file


def measures() -> list[Programme | Framework]:
    """What the matrix is measured by: the programmes under way; where there is none, SOC 2."""
    programmes = list(open_programmes())
    if programmes:
        return [*programmes]
    return [*Framework.objects.filter(key__startswith="soc2").order_by("-version")[:1]]


def _gaps() -> Iterator[tuple[Any, ...]]:
    found = gaps_by_rank().select_related("owner", "control", "requirement", "connection").defer("connection__secret")
    for gap in found.iterator(chunk_size=_TOGETHER):
        yield _line(gap)


def _line(gap: Gap) -> tuple[Any, ...]:
    return (
        gap.ref, gap.rank, gap.title, gap.effective_severity, gap.severity, gap.override_reason, gap.get_state_display(),
        " ".join(gap.reasons), gap.cause, gap.remedy, gap.area, ", ".join(gap.criteria),
        gap.control.ref if gap.control else "", gap.requirement.ref if gap.requirement else "",
        gap.connection.name if gap.connection else "", gap.owner.name if gap.owner else "Nobody named",
        gap.due_date.isoformat() if gap.due_date else "", moment(gap.opened_at), moment(gap.facts_at), gap.reopened_times,
        moment(gap.closed_at), gap.closing_note,
    )  # fmt: skip


def _occurrences() -> Iterator[tuple[Any, ...]]:
    found = Occurrence.objects.order_by("gap__ref", "resource").values_list(
        "gap__ref", "resource", "message", "first_seen_at", "last_seen_at", "gone_at"
    )
    for ref, resource, message, first, last, gone in found.iterator(chunk_size=_TOGETHER):
        yield ref, resource, message, moment(first), moment(last), moment(gone)
