"""Reading the registers: the list of systems and its filters, and the two house facts that checks are judged on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import Decision, ScopeDecision, System, Worker
from .scope_days import in_scope_on, scope_span, scope_spans

__all__ = [
    "in_scope_on", "scope_decisions", "scope_rows", "scope_span", "scope_spans", "systems", "systems_chosen",
    "undecided_count", "worker_rows", "workers",
]  # fmt: skip


def systems(*, kind: str = "", decision: str = "", text: str = "") -> QuerySet[System]:
    """The scope register, what waits for a decision first. `rank` and `id` order it, for paging."""
    rank = Case(When(decision=Decision.UNDECIDED, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = System.objects.select_related("owner").annotate(rank=rank).order_by("rank", "id")
    if kind:
        found = found.filter(kind=kind)
    if decision:
        found = found.filter(decision=decision)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(ref__istartswith=text) | Q(external_id__icontains=text))
    return found


def undecided_count() -> int:
    """How many systems wait for a decision."""
    return System.objects.filter(decision=Decision.UNDECIDED).count()


def systems_chosen(ids: list[UUID]) -> QuerySet[System]:
    """Systems of this room by id, in the order of their references; ids of elsewhere find nothing."""
    return System.objects.filter(pk__in=ids).order_by("id")


def scope_decisions(system: System) -> QuerySet[ScopeDecision]:
    """Every decision on a system, newest first."""
    return system.decisions.order_by("-id")


def workers(*, text: str = "", only: str = "") -> QuerySet[Worker]:
    """The people list. `only` is `here` (not ended before today), `left` (ended before today) or everybody."""
    found = Worker.objects.order_by("name", "id")
    day = today(here().timezone)
    if only == "here":
        found = found.exclude(end_date__lt=day)
    elif only == "left":
        found = found.filter(end_date__lt=day)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(external_id__iexact=text))
    return found


def worker_rows() -> list[dict[str, Any]]:
    """The fact `org.workers`: one row per worker. `active` is false once the last day has passed in the
    organisation's time zone."""
    day = today(here().timezone)
    return [
        {
            "id": worker.external_id, "email": worker.email, "name": worker.name,
            "start_date": worker.start_date.isoformat() if worker.start_date else None,
            "end_date": worker.end_date.isoformat() if worker.end_date else None,
            "active": worker.end_date is None or worker.end_date >= day,
            "accounts": worker.accounts,
        }
        for worker in Worker.objects.order_by("source", "external_id").iterator(chunk_size=2000)
    ]  # fmt: skip


def scope_rows() -> list[dict[str, Any]]:
    """The fact `org.scope`: one row per system of the register. An undecided one says so, and counts as in scope."""
    fields = ("kind", "external_id", "name", "decision", "environment", "data_classes", "service_account")
    return list(System.objects.order_by("id").values(*fields))
