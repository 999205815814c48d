"""The small strip of a control's period: from what its standing holds to what the chart draws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.utils.safestring import SafeString

from compliance.programmes.models import Programme
from compliance.programmes.selectors import periods_of
from compliance.web.charts.coverage import Interval, small_strip
from compliance.web.charts.scale import Scale

from .models import Standing

Runs = tuple[tuple[str, str, str], ...]


def period_of(programmes: Iterable[Programme]) -> Scale | None:
    """The observation period that coverage speaks of: of the programmes under way, the one that began first."""
    periods = periods_of(programmes)
    return Scale(*min(periods)) if periods else None


def strip_of(standing: Standing | None, period: Scale | None) -> SafeString | None:
    """The strip of the requirement with the most holes; None where nothing is expected at intervals."""
    runs = standing.coverage.get("strip") if standing and period else None
    if not runs or period is None:
        return None
    return _drawn(tuple((first, last, state) for first, last, state, *_ in runs), period)


@lru_cache(maxsize=4096)
def _drawn(runs: Runs, period: Scale) -> SafeString:
    """Many controls share a strip, and a strip changes seldom: each is drawn once in a process."""
    intervals = [
        Interval(date.fromisoformat(first), date.fromisoformat(last), state, "") for first, last, state in runs
    ]
    return small_strip(intervals, period)
