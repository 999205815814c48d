"""Audits, and how far the request log of each has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from ..models import Audit, Request, RequestState
from ..moves import WAITS_FOR_US


@dataclass(frozen=True)
class StateCount:
    """How many requests are in a state, and how many of these are overdue."""

    state: str
    label: str
    count: int
    overdue: int


def audits() -> QuerySet[Audit]:
    """Every audit, the newest window first, with `total`, `fulfilled`, `submitted` and `overdue` of its requests."""
    late = Q(requests__state__in=WAITS_FOR_US, requests__due_date__lt=today(here().timezone))
    return Audit.objects.select_related("programme").annotate(
        total=Count("requests"),
        fulfilled=Count("requests", filter=Q(requests__state=RequestState.FULFILLED)),
        submitted=Count("requests", filter=Q(requests__state=RequestState.SUBMITTED)),
        overdue=Count("requests", filter=late),
    )


def state_counts(audit: Audit) -> list[StateCount]:
    """The request log by state, every state named even where it holds nothing; the counts sum to all requests."""
    late = Q(state__in=WAITS_FOR_US, due_date__lt=today(here().timezone))
    rows = (
        Request.objects.filter(audit=audit)
        .order_by()
        .values_list("state")
        .annotate(count=Count("id"), overdue=Count("id", filter=late))
    )
    found = {state: (count, overdue) for state, count, overdue in rows}
    return [StateCount(state.value, str(state.label), *found.get(state.value, (0, 0))) for state in RequestState]
