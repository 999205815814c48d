"""The criteria of a programme as its pages show them: by series, what is asked and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from compliance.frameworks.models import Requirement

from .models import Programme
from .selectors import may_be_left_out, requirements_offered


@dataclass
class Series:
    """A top-level group of the framework, with the criteria that the programme is asked."""

    ref: str
    title: str
    criteria: list[Criterion] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return len(self.criteria)

    @property
    def left_out(self) -> int:
        return sum(bool(criterion.left_out) for criterion in self.criteria)

    @property
    def in_scope(self) -> int:
        return self.asked - self.left_out


@dataclass(frozen=True)
class Criterion:
    """A criterion, the reason why it was left out (empty where it is in scope), and whether it may be."""

    requirement: Requirement
    left_out: str
    may_be_left_out: bool


def series_of(programme: Programme) -> list[Series]:
    """The criteria by series, in the publisher's order. Two queries, whatever the framework's size."""
    groups = Requirement.objects.filter(framework_id=programme.framework_id, assessable=False)
    above = {group.pk: group for group in groups.only("parent_id", "ref", "title")}
    found: dict[str, Series] = {}
    for requirement in requirements_offered(programme):
        root = _root(requirement, above)
        series = found.setdefault(root.ref, Series(root.ref, root.title))
        reason = programme.not_relevant.get(requirement.ref, "")
        series.criteria.append(Criterion(requirement, reason, may_be_left_out(programme, requirement)))
    return list(found.values())


def _root(requirement: Requirement, above: dict[UUID, Requirement]) -> Requirement:
    """The group at the top; a requirement without one stands for itself."""
    root = requirement
    while root.parent_id in above:
        root = above[root.parent_id]
    return root
