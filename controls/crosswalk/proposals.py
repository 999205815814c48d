"""Which controls the crosswalk proposes for the requirements of a further framework. Pure over given rows.

A control that is mapped to a requirement is proposed for another that the first equals or contains; where the two only
overlap, or the first is contained, it is a candidate and counts nothing. What counts is a mapping, which a person
confirms with the part that the control meets (definitions, Crosswalk).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from compliance.frameworks.coverage import PROPOSING, reads_to
from compliance.frameworks.models import Crosswalk, Relation, Requirement

from ..models import Control, Mapping

ALL_OF_IT = "All of it"


class Stands(StrEnum):
    """How far a requirement is carried by controls that are there."""

    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    CANDIDATE = "candidate"
    OPEN = "open"


@dataclass(frozen=True)
class Via:
    """Why a control is proposed: it meets `requirement` (or `part` of it), which stands so to the one in hand."""

    requirement: Requirement
    relation: Relation
    part: str
    confidence: str
    sources: Sequence[str]

    @property
    def proposes(self) -> bool:
        return self.relation in PROPOSING


@dataclass(frozen=True)
class Proposal:
    """One control for one requirement, with every reason for it, the strongest first."""

    control: Control
    requirement: Requirement
    via: Sequence[Via]

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.control.pk, self.requirement.pk

    @property
    def is_proposed(self) -> bool:
        """Whether it is proposed; else it is a candidate."""
        return self.via[0].proposes

    @property
    def part(self) -> str:
        """The part to begin with: of a candidate nobody but a person can say it."""
        return (self.via[0].part or ALL_OF_IT) if self.is_proposed else ""


@dataclass(frozen=True)
class Carried:
    """A requirement with the mappings that count for it, and what is proposed and not decided."""

    requirement: Requirement
    confirmed: Sequence[Mapping]
    proposals: Sequence[Proposal]

    @property
    def stands(self) -> Stands:
        if self.confirmed:
            return Stands.CONFIRMED
        if any(proposal.is_proposed for proposal in self.proposals):
            return Stands.PROPOSED
        return Stands.CANDIDATE if self.proposals else Stands.OPEN


@dataclass(frozen=True)
class Shares:
    """Counts of what is asked; the four of them add up to `asked`, which is D of definitions, Readiness."""

    asked: int
    confirmed: int
    proposed: int
    candidate: int

    @property
    def open(self) -> int:
        return self.asked - self.confirmed - self.proposed - self.candidate

    def percent(self, number: int) -> int | None:
        """A count as a share of all that is asked, rounded down: a share is never better than it is."""
        return number * 100 // self.asked if self.asked else None


def carried(
    asked: Sequence[Requirement], mappings: Iterable[Mapping], relations: Iterable[Crosswalk],
    dismissed: Collection[tuple[UUID, UUID]] = (),
) -> list[Carried]:
    """Each requirement that is asked with what carries it.

    `mappings` are those of every control in use, `relations` those of which one end is asked.
    """
    wanted = {row.pk: row for row in asked}
    by_requirement: dict[UUID, list[Mapping]] = {}
    for mapping in mappings:
        by_requirement.setdefault(mapping.requirement_id, []).append(mapping)
    taken = {(m.control_id, m.requirement_id) for found in by_requirement.values() for m in found} | set(dismissed)
    via: dict[tuple[UUID, UUID], list[Via]] = {}
    controls: dict[UUID, Control] = {}
    for relation in relations:
        for target, source in ((relation.target_id, relation.source_id), (relation.source_id, relation.target_id)):
            for mapping in by_requirement.get(source, ()) if target in wanted else ():
                if (mapping.control_id, target) not in taken:
                    controls[mapping.control_id] = mapping.control
                    via.setdefault((mapping.control_id, target), []).append(_via(mapping, relation, target))
    proposals: dict[UUID, list[Proposal]] = {}
    for (control, target), reasons in via.items():
        reasons.sort(key=lambda each: (not each.proposes, bool(each.part), each.requirement.ref))
        proposals.setdefault(target, []).append(Proposal(controls[control], wanted[target], reasons))
    return [Carried(row, by_requirement.get(row.pk, []), _ordered(proposals.get(row.pk, []))) for row in asked]


def _via(mapping: Mapping, relation: Crosswalk, target: UUID) -> Via:
    return Via(mapping.requirement, reads_to(relation, target), mapping.part, relation.confidence, relation.sources)


def _ordered(proposals: list[Proposal]) -> list[Proposal]:
    return sorted(proposals, key=lambda each: (not each.is_proposed, each.control.ref))


def shares_of(found: Iterable[Carried]) -> Shares:
    """The counts of a list."""
    stands = [each.stands for each in found]
    counts = [stands.count(each) for each in (Stands.CONFIRMED, Stands.PROPOSED, Stands.CANDIDATE)]
    return Shares(len(stands), *counts)
