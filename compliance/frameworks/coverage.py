"""How far one framework covers another, by the crosswalk. Pure.

A requirement is proposed as covered where one of the other framework's equals or contains it. One that only overlaps it,
or that it contains, is a candidate and counts nothing (definitions, Crosswalk).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from .models import Crosswalk, Relation, Requirement
from .reading import TURNED


class Cover(StrEnum):
    """What the crosswalk says of one requirement."""

    PROPOSED = "proposed"
    CANDIDATE = "candidate"
    NONE = "none"


#: Relations, read from the covering requirement to the covered one, that are proposed.
PROPOSING = frozenset({Relation.EQUAL, Relation.SUPERSET})


class Ends(Protocol):
    """What of a relation decides: its ends and how it reads from source to target."""

    source_id: UUID
    target_id: UUID
    relation: str


def reads_to(relation: Ends, target: UUID) -> Relation:
    """A relation as it reads towards `target`, from whichever end it was written."""
    written = Relation(relation.relation)
    return written if relation.target_id == target else TURNED.get(written, written)


def cover_of(relations: Iterable[Relation]) -> Cover:
    """What relations that read to a requirement make of it."""
    found = set(relations)
    return Cover.PROPOSED if found & PROPOSING else Cover.CANDIDATE if found else Cover.NONE


@dataclass(frozen=True)
class Side:
    """A requirement of the covering framework, and how it stands to the one that is covered."""

    requirement: Requirement
    relation: Relation
    confidence: str
    sources: Sequence[str]


@dataclass(frozen=True)
class Covered:
    """One requirement, what covers it, and what follows."""

    requirement: Requirement
    cover: Cover
    sides: Sequence[Side]


@dataclass(frozen=True)
class Share:
    """Counts of what is asked; the three add up to `asked`."""

    asked: int
    proposed: int
    candidate: int

    @property
    def none(self) -> int:
        return self.asked - self.proposed - self.candidate


def covered(asked: Sequence[Requirement], relations: Iterable[Crosswalk]) -> list[Covered]:
    """Each requirement that is asked, with those that cover it. `relations` are between the two frameworks."""
    wanted = {row.pk for row in asked}
    sides: dict[UUID, list[Side]] = {}
    for relation in relations:
        for target, other in ((relation.target, relation.source), (relation.source, relation.target)):
            if target.pk in wanted:
                side = Side(other, reads_to(relation, target.pk), relation.confidence, relation.sources)
                sides.setdefault(target.pk, []).append(side)
    return [_covered(row, sides.get(row.pk, [])) for row in asked]


def _covered(row: Requirement, sides: list[Side]) -> Covered:
    ordered = sorted(sides, key=lambda side: (side.relation not in PROPOSING, side.requirement.position))
    return Covered(row, cover_of(side.relation for side in sides), ordered)


def share_of(found: Iterable[Covered]) -> Share:
    """The counts of a list."""
    covers = [each.cover for each in found]
    return Share(len(covers), covers.count(Cover.PROPOSED), covers.count(Cover.CANDIDATE))


def shares(
    asked: Mapping[UUID, int], framework_of: Mapping[UUID, UUID], relations: Iterable[Ends]
) -> dict[tuple[UUID, UUID], Share]:
    """The share of every framework that every other covers, by (covered, covering).

    `asked` counts the assessable requirements of each framework, `framework_of` names the framework of each of them.
    """
    best: dict[tuple[UUID, UUID], dict[UUID, bool]] = {}
    for relation in relations:
        for target, other in ((relation.target_id, relation.source_id), (relation.source_id, relation.target_id)):
            if target in framework_of and other in framework_of:
                pair = best.setdefault((framework_of[target], framework_of[other]), {})
                pair[target] = pair.get(target, False) or reads_to(relation, target) in PROPOSING
    return {
        pair: Share(asked.get(pair[0], 0), sum(found.values()), len(found) - sum(found.values()))
        for pair, found in best.items()
    }
