"""Reading the scope register as a landscape: everything, or what a service, a programme or an environment looks like."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.parties.models import Method, Party
from compliance.programmes.models import Programme
from compliance.programmes.selectors import services_covered
from compliance.registers.models import Flow, Service, System
from compliance.registers.selectors import data_classes

from .landscape import Edge, Landscape, Node, in_order, place_of

#: More systems, or flows, than this are told nowhere on one page; the register's own export has them all.
MOST_TOLD = 2_000
_FIELDS = ("ref", "name", "kind", "decision", "environment", "data_classes")


def landscape(*, services: frozenset[UUID] | None = None, environment: str = "") -> Landscape:
    """The register and its flows, a fixed number of queries.

    `services`: only what serves one of these (or names none, and so serves all), with its neighbours: what else a flow
    leads to. `environment`: only what stands in it, with its neighbours; what says none counts as production.
    """
    found = System.objects.filter(service_account=False)
    systems = list(found.order_by("id").only(*_FIELDS).prefetch_related("service_links__service")[: MOST_TOLD + 1])
    flows = list(Flow.objects.order_by("id")[: MOST_TOLD + 1])
    more = sum(
        rows.count() - MOST_TOLD for rows, read in ((found, systems), (Flow.objects, flows)) if len(read) > MOST_TOLD
    )
    roles = {party.system_id: party for party in Party.objects.only("system_id", "role", "method")}
    asked = None if services is None else frozenset(map(str, services))
    nodes = {system.pk: _node(system, roles.get(system.pk), asked) for system in systems[:MOST_TOLD]}
    chosen = {
        system.pk for system in systems[:MOST_TOLD] if _serves(system, asked) and _stands_in(system, environment)
    }  # fmt: skip
    shown, edges = set(chosen), []
    for flow in flows[:MOST_TOLD]:
        ends = {flow.source_id, flow.target_id}
        if ends & chosen and ends <= nodes.keys():
            shown |= ends
            edges.append(_edge(flow))
    return Landscape(in_order(nodes[key] for key in nodes if key in shown), tuple(edges), data_classes(), more)


def of_programme(programme: Programme, *, environment: str = "") -> Landscape:
    """The landscape of the services that a programme covers; one that names none covers all."""
    return landscape(services=services_of(programme), environment=environment)


def services_of(programme: Programme) -> frozenset[UUID] | None:
    """The services that a programme names; None where it covers all."""
    return frozenset(services_covered(programme).values_list("pk", flat=True)) or None


def services_offered() -> QuerySet[Service]:
    """Services that the diagram can be narrowed to."""
    return Service.objects.filter(active=True).order_by("id")


def environments_in_use() -> list[str]:
    """The environments that systems name, in no order. Production counts as named: it is what counts where none is."""
    named = System.objects.filter(~Q(environment=""), service_account=False).order_by()
    return [
        "production",
        *named.exclude(environment="production").values_list("environment", flat=True).distinct()[:60],
    ]


def _node(system: System, party: Party | None, asked: frozenset[str] | None) -> Node:
    links = sorted(system.service_links.all(), key=lambda link: link.service.ref)
    place = place_of(
        kind=system.kind, decision=system.decision, included=party is not None and party.method == Method.INCLUSIVE,
        serves=frozenset(str(link.service_id) for link in links), asked=asked,
    )  # fmt: skip
    return Node(
        key=str(system.pk), ref=system.ref, name=system.name, kind=system.kind, place=place, decision=system.decision,
        environment=system.environment, holds=tuple(map(str, system.data_classes)),
        services=tuple(link.service.name for link in links), role=_role(party),
    )  # fmt: skip


def _role(party: Party | None) -> str:
    if party is None:
        return ""
    method = f", {party.get_method_display().lower()}" if party.method else ""
    return f"{party.get_role_display()}{method}"


def _serves(system: System, asked: frozenset[str] | None) -> bool:
    serves = {str(link.service_id) for link in system.service_links.all()}
    return asked is None or not serves or not serves.isdisjoint(asked)


def _stands_in(system: System, environment: str) -> bool:
    return not environment or (system.environment or "production") == environment


def _edge(flow: Flow) -> Edge:
    return Edge(
        key=str(flow.pk), ref=flow.ref, source=str(flow.source_id), target=str(flow.target_id),
        carries=tuple(map(str, flow.data_classes)), direction=flow.direction, encrypted=flow.encrypted,
        description=flow.description,
    )  # fmt: skip


def asked_for(*, programme: Programme | None, service: Service | None) -> frozenset[UUID] | None:
    """The services that are asked for: those of the programme, the one, or what both have in common. None: all."""
    covered = services_of(programme) if programme else None
    if service is None:
        return covered
    return frozenset({service.pk}) & covered if covered is not None else frozenset({service.pk})
