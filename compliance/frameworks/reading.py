"""A framework as its page shows it: rows in the publisher's order, and one requirement with what it relates to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from .models import Crosswalk, Framework, Relation, Requirement
from .sources import in_words

#: A relation as it reads from its other end.
TURNED = {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}


@dataclass(frozen=True)
class Row:
    """One line of the list; `depth` is how many groups stand above it."""

    requirement: Requirement
    depth: int
    relations: int


@dataclass(frozen=True)
class Related:
    """A requirement of another framework, and how the one in hand stands to it."""

    requirement: Requirement
    relation: Relation
    confidence: str
    sources: list[str]

    @property
    def confidence_words(self) -> str:
        """How well the relation is supported; an imported one is as good as the mapping that states it."""
        return "stated by an import" if self.confidence == "stated" else f"confidence {self.confidence}"

    @property
    def source_words(self) -> str:
        """Where it comes from."""
        return ", ".join(in_words(self.sources))


def rows(requirements: Iterable[Requirement], relation_counts: Mapping[UUID, int]) -> list[Row]:
    """Requirements with their depth and the number of their relations."""
    depths: dict[UUID | None, int] = {None: -1}
    found = []
    for requirement in requirements:
        depth = depths.get(requirement.parent_id, -1) + 1
        depths[requirement.pk] = depth
        found.append(Row(requirement, depth, relation_counts.get(requirement.pk, 0)))
    return found


def related_by_framework(requirement: Requirement, crosswalks: Iterable[Crosswalk]) -> dict[Framework, list[Related]]:
    """The other ends, by their framework, in the publisher's order; every relation read from `requirement`."""
    found: dict[Framework, list[Related]] = {}
    for crosswalk in crosswalks:
        relation = Relation(crosswalk.relation)
        if crosswalk.source_id == requirement.pk:
            other = crosswalk.target
        else:
            other, relation = crosswalk.source, TURNED.get(relation, relation)
        related = Related(other, relation, crosswalk.confidence, crosswalk.sources)
        found.setdefault(other.framework, []).append(related)
    for each in found.values():
        each.sort(key=lambda related: related.requirement.position)
    return dict(sorted(found.items(), key=lambda item: item[0].short_title))
