"""What a check said over the period, as a strip: by connection, day by day, the worst of its resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce, TruncDate

from compliance.tenancy.rooms import here
from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale
from compliance.web.words import day as written

from .models import ResourceInterval

_WORST = ("fail", "unknown", "excepted", "pass", "not_applicable")
_SHAPES = {"fail": "missed", "unknown": "unknown", "excepted": "exception", "pass": "filled", "not_applicable": "not_expected"}
_WORDS = {"fail": "fails", "unknown": "unknown", "excepted": "excepted", "pass": "passes", "not_applicable": "not applicable"}


def span_of(period: tuple[date, date] | None, on: date) -> Scale:
    """The observation period; without one the year that ends today. Two years at most."""
    first, last = period or (on - timedelta(days=364), on)
    return Scale(max(first, last - timedelta(days=730)), last)


def strips(check_id: str, scale: Scale, on: date) -> list[tuple[str, list[Interval]]]:
    """By connection (its name), the runs of days in one outcome; of one that was retired too, up to its last look. One query:
    spans are grouped by day in the database."""
    zone = ZoneInfo(here().timezone)
    rows = ResourceInterval.objects.filter(check_id=check_id).order_by()
    spans = (
        rows.annotate(
            first=TruncDate("started_at", tzinfo=zone), last=TruncDate(Coalesce("ended_at", "seen_until"), tzinfo=zone)
        )
        .filter(last__gte=scale.first, first__lte=scale.last)
        .values_list("connection__name", "connection__retired_at", "outcome", "first", "last").distinct()
    )  # fmt: skip
    found: dict[str, list[tuple[str, date, date]]] = defaultdict(list)
    for name, retired_at, outcome, first, last in spans:
        found[called(name, retired_at)].append((outcome, max(first, scale.first), min(last, scale.last, on)))
    return [(name, _runs(held)) for name, held in sorted(found.items())]


def called(name: str, retired_at: datetime | None) -> str:
    """A connection's name, which says where it is not looked at any more."""
    return f"{name} (retired)" if retired_at else name


def _runs(spans: Iterable[tuple[str, date, date]]) -> list[Interval]:
    by_day: dict[date, str] = {}
    for outcome, first, last in spans:
        for number in range((last - first).days + 1):
            at = first + timedelta(days=number)
            if at not in by_day or _WORST.index(outcome) < _WORST.index(by_day[at]):
                by_day[at] = outcome
    runs: list[Interval] = []
    for at in sorted(by_day):
        shape = _SHAPES[by_day[at]]
        if runs and runs[-1].state == shape and runs[-1].last + timedelta(days=1) == at:
            first = runs[-1].first
            runs[-1] = Interval(first, at, shape, f"{written(first)} to {written(at)}: {_WORDS[by_day[at]]}")
        else:
            runs.append(Interval(at, at, shape, f"{written(at)}: {_WORDS[by_day[at]]}"))
    return runs


