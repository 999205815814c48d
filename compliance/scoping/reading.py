"""The room's facts from its tables and from the floors above, in a fixed number of queries per programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from compliance.commitments.selectors import promises
from compliance.parties.models import PartyReview
from compliance.programmes.models import Programme, ProgrammeKind, ProgrammeService
from compliance.programmes.selectors import is_soc2, open_programmes
from compliance.registers.models import Direction, Flow, System

from . import above
from .facts import FlowFacts, LateFacts, ProgrammeFacts, PromiseFacts, RoomFacts, SystemFacts
from .points import lacking, points_of
from .selectors import check_lists


def room_facts() -> RoomFacts:
    """Everything that the rules look at, as it stands."""
    systems = list(System.objects.order_by("id"))
    return RoomFacts(
        systems={each.pk: _system(each) for each in systems},
        flows=tuple(_flow(each) for each in Flow.objects.order_by("id")),
        reviewed=frozenset(PartyReview.objects.order_by().values_list("party__system_id", flat=True).distinct()),
        promises=_promises(),
        programmes=_programmes(list(open_programmes())),
        late=_late(),
        collected=above.collected.ask(systems), added=above.added.ask(systems),
    )  # fmt: skip


def _system(system: System) -> SystemFacts:
    return SystemFacts(
        id=system.pk, ref=system.ref, name=system.name, kind=system.kind, decision=system.decision,
        environment=system.environment, classes=frozenset(system.data_classes),
        seen_by=system.discovered_by or "A connection" if system.last_seen_at else "",
    )  # fmt: skip


def _flow(flow: Flow) -> FlowFacts:
    return FlowFacts(
        id=flow.pk, ref=flow.ref, source=flow.source_id, target=flow.target_id, classes=frozenset(flow.data_classes),
        both_ways=flow.direction == Direction.BOTH_WAYS,
    )  # fmt: skip


def _promises() -> tuple[PromiseFacts, ...]:
    return tuple(
        PromiseFacts(
            id=each.commitment.pk, ref=each.commitment.ref, text=each.commitment.text, promise=each.promise,
            category=each.category or "", services=frozenset(link.service_id for link in each.commitment.services.all()),
        )
        for each in promises()
    )  # fmt: skip


def _programmes(programmes: Sequence[Programme]) -> tuple[ProgrammeFacts, ...]:
    covered: dict[UUID, set[UUID]] = defaultdict(set)
    links = ProgrammeService.objects.filter(programme__in=programmes).order_by()
    for programme, service in links.values_list("programme_id", "service_id"):
        covered[programme].add(service)
    return tuple(
        ProgrammeFacts(
            id=each.pk, name=each.name, is_soc2=is_soc2(each), is_pci=each.kind == ProgrammeKind.PCI,
            categories=tuple(each.categories), services=frozenset(covered[each.pk]),
            support=above.supported.ask(each) if is_soc2(each) and each.categories else None,
        )
        for each in programmes
    )  # fmt: skip


def _late() -> tuple[LateFacts, ...]:
    listed = list(check_lists(open_only=True))
    points = points_of(listed)
    return tuple(
        LateFacts(
            id=each.pk, system=each.system_id, programme=each.programme_id, programme_name=each.programme.name,
            starts_on=each.starts_on, lacking=lacking(points[each.pk]),
        )
        for each in listed
    )  # fmt: skip
