"""What was in scope on a day, and on which days of a period a system was in: the shorter population of a late one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from compliance.tenancy.rooms import here

from .models import Decision, ScopeDecision, System
from .spans import Ruling, Span, is_in, spans


def in_scope_on(day: date) -> QuerySet[System]:
    """The systems that were in scope at the end of a day, in the organisation's time zone; undecided ones count as in."""
    zone, rulings = ZoneInfo(here().timezone), _rulings()
    entered = System.objects.values_list("pk", "first_seen_at")
    ids = [
        pk for pk, at in entered if is_in(day, entered=at.astimezone(zone).date(), rulings=rulings.get(pk, ()))
    ]  # fmt: skip
    return System.objects.filter(pk__in=ids).order_by("id")


def scope_span(system: System, start: date, end: date) -> list[Span]:
    """The stretches of days within a period, both ends included, on which a system was in scope. Empty: never in."""
    return scope_spans([system], start, end)[system.pk]


def scope_spans(systems: Iterable[System], start: date, end: date) -> dict[UUID, list[Span]]:
    """`scope_span` of many systems, by id, at the price of one query."""
    wanted = list(systems)
    zone, rulings = ZoneInfo(here().timezone), _rulings([system.pk for system in wanted])
    return {
        system.pk: spans(
            start, end, entered=system.first_seen_at.astimezone(zone).date(), rulings=rulings.get(system.pk, ())
        )
        for system in wanted
    }


def scope_start(system: System, period: Span) -> date | None:
    """The first day of a period on which a system was in scope: from here its population runs. None: on no day."""
    return next((span.first for span in scope_span(system, period.first, period.last)), None)


def _rulings(ids: list[UUID] | None = None) -> dict[UUID, list[Ruling]]:
    zone = ZoneInfo(here().timezone)
    found = ScopeDecision.objects.order_by("system_id", "id")
    if ids is not None:
        found = found.filter(system_id__in=ids)
    rows = found.values_list("system_id", "decision", "decided_at", "effective_on")
    return {
        system: [
            Ruling(effective or at.astimezone(zone).date(), decision == Decision.IN, made)
            for made, (_, decision, at, effective) in enumerate(group)
        ]
        for system, group in groupby(rows, key=lambda row: row[0])
    }
