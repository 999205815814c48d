"""Open gaps as reports count and list them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Case, F, QuerySet, When

from gaps.models import Gap, GapState, Severity


def open_gaps() -> QuerySet[Gap]:
    """Gaps that are not closed, in the order in which an audit fails on them; what is not ranked yet comes last."""
    return Gap.objects.exclude(state=GapState.CLOSED).select_related("owner").order_by(F("rank").asc(nulls_last=True), "ref")


def gaps_by_rank() -> QuerySet[Gap]:
    """Every gap: what is open in rank order, then what is closed by reference."""
    closed = Case(When(state=GapState.CLOSED, then=1), default=0)
    return Gap.objects.order_by(closed, F("rank").asc(nulls_last=True), "ref")


def by_area() -> list[dict[str, Any]]:
    """Open gaps by area and severity in force, the worst area first."""
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    found = Gap.objects.exclude(state=GapState.CLOSED).values_list("area", "severity", "severity_override")
    for area, severity, override in found.iterator():
        areas[area or "Other"][override or severity] += 1
    rows = [
        {"area": area, **{each.value: count[each.value] for each in Severity}, "open": sum(count.values())}
        for area, count in areas.items()
    ]
    return sorted(rows, key=lambda row: (-row["critical"], -row["significant"], -row["minor"], row["area"]))
