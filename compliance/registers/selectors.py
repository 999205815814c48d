"""Reading the registers: the list of systems and its filters, and the two house facts that checks are judged on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import DATA_CLASSES, DataClass, Decision, Flow, ScopeDecision, Service, System, Worker
from .scope_days import in_scope_on, scope_span, scope_spans, scope_start

__all__ = [
    "data_classes", "flows", "flows_of", "in_scope_on", "latest_decisions", "scope_decisions", "scope_rows",
    "scope_span", "scope_spans", "scope_start", "services_of_customers", "systems", "systems_chosen", "systems_waiting", "undecided_count",
    "waiting_kinds", "worker_rows", "workers",
]  # fmt: skip


def systems(
    *, kind: str = "", decision: str = "", text: str = "", environment: str = "", holds: str = "", service: str = ""
) -> QuerySet[System]:
    """The scope register, what waits for a decision first. `rank` and `id` order it, for paging.

    `holds` is a code of a data class, `service` the reference of a service that the system is named for.
    """
    rank = Case(When(decision=Decision.UNDECIDED, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = System.objects.select_related("owner").annotate(rank=rank).order_by("rank", "id")
    if kind:
        found = found.filter(kind=kind)
    if decision:
        found = found.filter(decision=decision)
    if environment:
        found = found.filter(environment=environment)
    if holds:
        found = found.filter(data_classes__contains=[holds])
    if service:
        found = found.filter(service_links__service__ref=service)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(ref__istartswith=text) | Q(external_id__icontains=text))
    return found


def undecided_count() -> int:
    """How many systems wait for a decision."""
    return System.objects.filter(decision=Decision.UNDECIDED).count()


def systems_waiting(*, kind: str = "") -> QuerySet[System]:
    """What waits for a decision, by kind and then as it came: what a connection discovered, and what was entered."""
    found = System.objects.filter(decision=Decision.UNDECIDED).order_by("kind", "id")
    return found.filter(kind=kind) if kind else found


def waiting_kinds() -> dict[str, int]:
    """How many systems of each kind wait for a decision."""
    found = System.objects.filter(decision=Decision.UNDECIDED).order_by("kind").values_list("kind")
    return dict(found.annotate(number=Count("id")))


def systems_chosen(ids: list[UUID]) -> QuerySet[System]:
    """Systems of this room by id, in the order of their references; ids of elsewhere find nothing."""
    return System.objects.filter(pk__in=ids).order_by("id")


def scope_decisions(system: System) -> QuerySet[ScopeDecision]:
    """Every decision on a system, newest first."""
    return system.decisions.order_by("-id")


def latest_decisions(systems: QuerySet[System] | None = None) -> dict[UUID, ScopeDecision]:
    """The newest decision on each system, by the system's id; of all systems, or of some."""
    found = ScopeDecision.objects.order_by("system_id", "-id").distinct("system_id")
    if systems is not None:
        found = found.filter(system__in=systems)
    return {each.system_id: each for each in found}


def data_classes() -> dict[str, str]:
    """Every data class that may be named here, code to label: the shipped ones, then the organisation's own."""
    return dict(DATA_CLASSES) | dict(DataClass.objects.order_by("name").values_list("code", "name"))


def services_of_customers(*, active: bool | None = None) -> QuerySet[Service]:
    """What customers get from the organisation, with how many systems are named for each (`system_count`)."""
    found = Service.objects.select_related("owner").annotate(system_count=Count("system_links")).order_by("id")
    return found if active is None else found.filter(active=active)


def flows(*, text: str = "", holds: str = "", encrypted: str = "") -> QuerySet[Flow]:
    """Data flows with their ends, in the order of their references. `encrypted` is `yes`, `no` or `unsaid`."""
    found = Flow.objects.select_related("source", "target").order_by("id")
    if holds:
        found = found.filter(data_classes__contains=[holds])
    if encrypted:
        found = found.filter(encrypted={"yes": True, "no": False}.get(encrypted))
    if text:
        ends = Q(source__name__icontains=text) | Q(target__name__icontains=text)
        refs = Q(source__ref__iexact=text) | Q(target__ref__iexact=text) | Q(ref__istartswith=text)
        found = found.filter(ends | refs | Q(description__icontains=text))
    return found


def flows_of(system: System) -> QuerySet[Flow]:
    """The flows that begin or end at a system."""
    return flows().filter(Q(source=system) | Q(target=system))


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
