"""Intervals of the period as the chart draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from compliance.web.charts.coverage import Interval as Drawn
from compliance.web.words import day

from ..intervals import Interval
from ..models import Version

_WORDS = {
    "missed": "missed", "unknown": "could not be looked at", "open": "open now",
    "to_come": "to come", "not_expected": "not expected",
}  # fmt: skip


def drawn(intervals: Iterable[Interval], by_day: Mapping[date, Version]) -> list[Drawn]:
    """Each interval with what is known of it: its days, its state, and what fills it."""
    return [Drawn(each.block.first, each.block.last, each.state.value, _said(each, by_day)) for each in intervals]


def _said(interval: Interval, by_day: Mapping[date, Version]) -> str:
    days = f"{day(interval.block.first)} to {day(interval.block.last)}"
    if interval.performed is None:
        return f"{days}: {_WORDS.get(interval.state.value, interval.state.value)}"
    by = by_day.get(interval.performed)
    what = f" by {by.artefact.ref}" if by else ""
    late = ", late" if interval.state.value == "late" else ""
    return f"{days}: filled{what} on {day(interval.performed)}{late}"
