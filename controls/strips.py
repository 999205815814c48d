"""The small strip of a control's period: from what its standing holds to what the chart draws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.programmes.models import Programme
from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale
from compliance.web.words import day

from .models import Standing

_WORDS = {
    "filled": "filled", "late": "filled late", "missed": "missed", "unknown": "could not be looked at",
    "open": "open now", "to_come": "to come", "not_expected": "not expected",
}  # fmt: skip


def period_of(programmes: Iterable[Programme]) -> Scale | None:
    """The observation period that coverage speaks of: of the programmes under way, the one that began first."""
    periods = [(each.period_start, each.period_end) for each in programmes if each.period_start and each.period_end]
    return Scale(*min(periods)) if periods else None


def strip_of(standing: Standing | None) -> list[Interval]:
    """The strip of the requirement with the most holes; empty where nothing is expected at intervals."""
    runs = standing.coverage.get("strip", []) if standing else []
    return [_interval(*run) for run in runs]


def _interval(first: str, last: str, state: str, number: int = 1) -> Interval:
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    several = f", {number} intervals" if number > 1 else ""
    return Interval(begins, ends, state, f"{day(begins)} to {day(ends)}: {_WORDS.get(state, state)}{several}")
