"""What the rules look at: plain values of one room, on one day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from compliance.registers.models import CUSTOMER_CLASSES, Decision

from .above import Support


@dataclass(frozen=True)
class SystemFacts:
    """One entry of the scope register. `seen_by` is the connection that discovered it, empty where it was entered by hand."""

    id: UUID
    ref: str
    name: str
    kind: str
    decision: str
    environment: str = ""
    classes: frozenset[str] = frozenset()
    seen_by: str = ""

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"

    @property
    def is_out(self) -> bool:
        return self.decision == Decision.OUT

    @property
    def is_undecided(self) -> bool:
        return self.decision == Decision.UNDECIDED

    @property
    def counts_as_production(self) -> bool:
        """An environment that nobody has said counts as production."""
        return self.environment in ("", "production")

    @property
    def holds_customer_data(self) -> bool:
        return not CUSTOMER_CLASSES.isdisjoint(self.classes)


@dataclass(frozen=True)
class FlowFacts:
    """Data from one entry to another. Without classes nobody has said what it carries."""

    id: UUID
    ref: str
    source: UUID
    target: UUID
    classes: frozenset[str] = frozenset()
    both_ways: bool = False

    @property
    def ends(self) -> tuple[UUID, ...]:
        """Where the data arrives."""
        return (self.target, self.source) if self.both_ways else (self.target,)

    @property
    def carries_customer_data(self) -> bool:
        return not CUSTOMER_CLASSES.isdisjoint(self.classes)

    @property
    def carries_only_public_data(self) -> bool:
        return self.classes == {"public"}


@dataclass(frozen=True)
class PromiseFacts:
    """A commitment that stands, and the category that it calls for. No services: it is about all."""

    id: UUID
    ref: str
    text: str
    promise: str
    category: str
    services: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class ProgrammeFacts:
    """A programme under way. No services: it covers all. `support` is None where nobody knows of evidence."""

    id: UUID
    name: str
    is_soc2: bool = False
    is_pci: bool = False
    categories: tuple[str, ...] = ()
    services: frozenset[UUID] = frozenset()
    support: Mapping[str, Support] | None = None

    def covers(self, services: frozenset[UUID]) -> bool:
        """Whether it is about something that is about these services; none of them means all."""
        return not services or not self.services or not self.services.isdisjoint(services)


@dataclass(frozen=True)
class LateFacts:
    """A system that entered scope within a programme's period, and what its check list still lacks."""

    id: UUID
    system: UUID
    programme: UUID
    programme_name: str
    starts_on: date
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class RoomFacts:
    """Everything together. `reviewed`: third parties with a review on record. `collected` and `added` come from above,
    None where nobody knows."""

    systems: Mapping[UUID, SystemFacts] = field(default_factory=dict)
    flows: tuple[FlowFacts, ...] = ()
    reviewed: frozenset[UUID] = frozenset()
    promises: tuple[PromiseFacts, ...] = ()
    programmes: tuple[ProgrammeFacts, ...] = ()
    late: tuple[LateFacts, ...] = ()
    collected: Mapping[UUID, date] | None = None
    added: Mapping[UUID, int] | None = None

    @cached_property
    def receiving(self) -> frozenset[UUID]:
        """Systems that a flow of customer data leads to."""
        return frozenset(end for flow in self.flows if flow.carries_customer_data for end in flow.ends)

    @cached_property
    def reaching(self) -> frozenset[UUID]:
        """Systems that hold or receive customer data, and every system from which flows, one after the other, lead there."""
        reached = {each.id for each in self.systems.values() if each.holds_customer_data} | self.receiving
        before: dict[UUID, set[UUID]] = {}
        for flow in self.flows:
            before.setdefault(flow.target, set()).add(flow.source)
            if flow.both_ways:
                before.setdefault(flow.source, set()).add(flow.target)
        waiting = list(reached)
        while waiting:
            for system in before.get(waiting.pop(), set()) - reached:
                reached.add(system)
                waiting.append(system)
        return frozenset(reached)
