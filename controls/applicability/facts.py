"""What controls show of an annex control: what is in place and what shows it. Read from mappings and standings, never typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ..models import Implementation, Mapping
from ..selectors import FRESHNESS


@dataclass(frozen=True)
class Mapped:
    """A control of ours that is mapped to an annex control, with its states."""

    id: str
    ref: str
    title: str
    implementation: str
    evidence: str


def mapped_controls(requirements: Iterable[UUID]) -> dict[UUID, list[Mapped]]:
    """Controls in use by the requirement that they are mapped to, by reference. One query."""
    found = Mapping.objects.filter(requirement_id__in=list(requirements))
    found = found.exclude(control__implementation=Implementation.RETIRED).order_by("control__ref")
    fields = ("control_id", "control__ref", "control__title", "control__implementation", "control__standing__evidence")
    by_requirement: dict[UUID, list[Mapped]] = defaultdict(list)
    for requirement, pk, ref, title, implementation, evidence in found.values_list("requirement_id", *fields):
        by_requirement[requirement].append(Mapped(str(pk), ref, title, implementation, evidence or "missing"))
    return by_requirement


def in_place(controls: Sequence[Mapped]) -> str:
    """How far an annex control is in place: implemented, partly, planned; `missing` where no control is mapped."""
    states = {control.implementation for control in controls}
    if not states:
        return "missing"
    if states == {Implementation.IMPLEMENTED}:
        return "implemented"
    return "partly" if states & {Implementation.IMPLEMENTED, Implementation.PARTLY} else "planned"


def worst_evidence(controls: Sequence[Mapped]) -> str:
    """The worst freshness of what its controls must show; `missing` where there is no control."""
    order = {state: place for place, state in enumerate(FRESHNESS)}
    return min((control.evidence for control in controls), key=lambda state: order.get(state, -1), default="missing")
