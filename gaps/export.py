"""The register as rows of a spreadsheet: what the list shows, and the words that it has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from compliance.web.csv_lines import moment

from .models import Gap

HEAD = (
    "Rank", "Gap", "Severity", "Computed severity", "Why overridden", "Title", "What happened", "Why it ranks there",
    "What puts it right", "Area", "Criteria", "Control", "Owner", "Due", "State", "Resources now", "Opened (UTC)",
    "Evidence of (UTC)", "Times reopened", "Closed (UTC)", "Closed on", "Rule", "Subject", "Connection",
)  # fmt: skip
WIDTHS = (6, 10, 12, 12, 24, 44, 52, 52, 44, 8, 20, 10, 22, 11, 16, 10, 16, 16, 8, 16, 40, 20, 32, 22)
_TOGETHER = 500


def lines_of(found: QuerySet[Gap]) -> Iterator[tuple[Any, ...]]:
    """A line per gap, in the order of `found`, fetched some hundreds at a time."""
    standing = Count("occurrences", filter=Q(occurrences__gone_at__isnull=True))
    for gap in found.annotate(resources=standing).iterator(chunk_size=_TOGETHER):
        yield _line(gap)


def _line(gap: Any) -> tuple[Any, ...]:
    return (
        gap.rank, gap.ref, gap.effective_severity, gap.severity, gap.override_reason, gap.title, gap.cause,
        " ".join(gap.reasons), gap.remedy, gap.area, ", ".join(gap.criteria), gap.control.ref if gap.control else "",
        gap.owner.name if gap.owner else "", gap.due_date, gap.get_state_display(), gap.resources, moment(gap.opened_at),
        moment(gap.facts_at), gap.reopened_times, moment(gap.closed_at), gap.closing_note, gap.rule, gap.subject,
        gap.connection.name if gap.connection else "",
    )  # fmt: skip
