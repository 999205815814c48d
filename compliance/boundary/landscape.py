"""What a boundary diagram shows: systems and where each stands, and the flows between them. Pure: no database, no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from compliance.registers.models import ENVIRONMENTS, Decision, Direction, Kind

#: From so many systems on, those of a kind that no flow touches share a box.
FOLDED_FROM = 72
#: So many alike share one at the least.
_ALIKE = 3


class Place(StrEnum):
    """Where a system stands: within the frame, or why not."""

    INSIDE = "inside"
    PARTY = "party"
    BESIDE = "beside"
    OUT = "out"


#: Groups that are no environment: who and where, for what has no environment of its own.
_OTHER_GROUPS = {Kind.TEAM.value: "teams", Kind.LOCATION.value: "locations"}
GROUPS: dict[str, str] = {
    **{code: word for code, word in ENVIRONMENTS if code},
    "": "Environment not said", "teams": "Teams", "locations": "Locations",
}  # fmt: skip
_ORDER = {group: at for at, group in enumerate(GROUPS)}


@dataclass(frozen=True)
class Node:
    """A system of the register. `stands_for` names the systems that share this box, where several do."""

    key: str
    ref: str
    name: str
    kind: str
    place: Place
    decision: str
    environment: str = ""
    holds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    role: str = ""
    stands_for: tuple[Node, ...] = ()

    @property
    def undecided(self) -> bool:
        return self.decision == Decision.UNDECIDED

    @property
    def out(self) -> bool:
        return self.decision == Decision.OUT

    @property
    def kind_word(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def group(self) -> str:
        """The environment it stands in, or what stands for one; third parties are a group of their own."""
        if self.place == Place.PARTY:
            return ""
        return self.environment or _OTHER_GROUPS.get(self.kind, "")


@dataclass(frozen=True)
class Edge:
    """A data flow between two nodes that are shown."""

    key: str
    ref: str
    source: str
    target: str
    carries: tuple[str, ...] = ()
    direction: str = Direction.ONE_WAY.value
    encrypted: bool | None = None
    description: str = ""

    @property
    def both_ways(self) -> bool:
        return self.direction == Direction.BOTH_WAYS


@dataclass(frozen=True)
class Landscape:
    """Systems in the order in which they are told, the flows between them, and the words of the data classes.

    `more` counts systems and flows of the register that were left out because there are too many to tell.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    classes: Mapping[str, str] = field(default_factory=dict)
    more: int = 0

    @cached_property
    def by_key(self) -> dict[str, Node]:
        return {node.key: node for node in self.nodes}

    def at(self, place: Place) -> list[Node]:
        """The nodes of a place, in order."""
        return [node for node in self.nodes if node.place == place]

    def is_inside(self, key: str) -> bool:
        return self.by_key[key].place == Place.INSIDE

    def crosses(self, edge: Edge) -> bool:
        """Whether a flow has one end within the boundary and one without."""
        return self.is_inside(edge.source) != self.is_inside(edge.target)

    @property
    def crossing(self) -> list[Edge]:
        return [edge for edge in self.edges if self.crosses(edge)]

    def words_of(self, codes: Iterable[str]) -> list[str]:
        """Data classes in words; one that nobody knows any more stays as it is written."""
        return [self.classes.get(code, code) for code in codes]


def place_of(
    *, kind: str, decision: str, included: bool, serves: frozenset[str], asked: frozenset[str] | None
) -> Place:
    """Where a system stands.

    A third party stands outside: its controls are its own, unless its subservice controls are `included` in our report
    (the inclusive method). Undecided counts as in scope (definitions, Scope). Where services are `asked`, what serves
    only others stands beside; a system that names no service serves them all.
    """
    if kind == Kind.THIRD_PARTY and not (included and decision != Decision.OUT):
        return Place.PARTY
    if decision == Decision.OUT:
        return Place.OUT
    if asked is not None and serves and serves.isdisjoint(asked):
        return Place.BESIDE
    return Place.INSIDE


def in_order(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Inside before outside, production first, by reference within an environment."""
    places = list(Place)
    return tuple(
        sorted(nodes, key=lambda node: (places.index(node.place), group_rank(node.group), node.group, node.ref))
    )


def group_rank(group: str) -> int:
    """Where a group comes among the others; the organisation's own environments after the shipped ones."""
    return _ORDER.get(group, _ORDER[""])


def group_word(group: str) -> str:
    """A group in words."""
    return GROUPS.get(group, group)


def folded(landscape: Landscape, *, beyond: int = FOLDED_FROM) -> Landscape:
    """The same with one box for systems alike that no flow touches, where there are more than can be read. Every system
    is in exactly one box still."""
    if len(landscape.nodes) <= beyond:
        return landscape
    touched = {end for edge in landscape.edges for end in (edge.source, edge.target)}
    alike: dict[tuple[str, ...], list[Node]] = {}
    kept: list[Node] = []
    for node in landscape.nodes:
        if node.key in touched:
            kept.append(node)
        else:
            alike.setdefault((node.place, node.group, node.kind, node.decision), []).append(node)
    for several in alike.values():
        kept += [_box_of(several)] if len(several) >= _ALIKE else several
    return replace(landscape, nodes=in_order(kept))


def _box_of(several: list[Node]) -> Node:
    first = several[0]
    holds = tuple(dict.fromkeys(code for node in several for code in node.holds))
    return replace(
        first, ref=f"{len(several)} systems", name=f"{first.ref} to {several[-1].ref}, without flows", holds=holds,
        services=(), role="", stands_for=tuple(several),
    )  # fmt: skip
