"""The diagram in words: a summary, and tables that have everything that the drawing shows. Pure."""

from __future__ import annotations

from compliance.registers.models import Direction
from compliance.web.documents.parts import Table, table

from .boxes import standing_of
from .landscape import Edge, Landscape, Node, Place, group_word

ENCRYPTED = {True: "Yes", False: "No", None: "Not said"}
_NODES = ("Ref", "Name", "Kind", "Environment", "Scope", "Holds", "Serves")
_PARTIES = ("Ref", "Name", "Role", "Scope", "Holds", "Serves")
_FLOWS = ("Ref", "From", "To", "Direction", "Data", "Encrypted", "Boundary")
#: The tables of systems: place, caption.
CAPTIONS = {
    Place.INSIDE: "Inside the boundary", Place.PARTY: "Third parties, outside the boundary",
    Place.BESIDE: "In scope for other services", Place.OUT: "Out of scope",
}  # fmt: skip


def summary(landscape: Landscape) -> str:
    """What the drawing shows, in two or three sentences."""
    inside = landscape.at(Place.INSIDE)
    undecided = sum(node.undecided for node in inside)
    said = [f"{_counted(len(inside), 'system')} inside the boundary"]
    if undecided:
        said.append(f"{undecided} of them undecided, which counts as in scope")
    outside = [
        _counted(len(found), word)
        for place, word in (
            (Place.PARTY, "third party"),
            (Place.OUT, "out-of-scope system"),
            (Place.BESIDE, "system of other services"),
        )
        if (found := landscape.at(place))
    ]
    first = ", ".join(said) + ("; outside it " + _joined(outside) if outside else "") + "."
    crossing = len(landscape.crossing)
    cross = "crosses" if crossing == 1 else "cross"
    return f"{first} {_counted(len(landscape.edges), 'data flow')}, of which {crossing} {cross} the boundary."


_MANY = {"third party": "third parties", "system of other services": "systems of other services"}


def _counted(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {_MANY.get(word, f'{word}s')}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def tables(landscape: Landscape) -> list[Table]:
    """Everything that the drawing shows: systems by where they stand, then the flows. Empty ones are left out."""
    found = [
        table(
            caption,
            _PARTIES if place == Place.PARTY else _NODES,
            (_row(landscape, node) for node in landscape.at(place)),
        )
        for place, caption in CAPTIONS.items()
    ]
    found.append(table("Data flows", _FLOWS, (_flow(landscape, edge) for edge in landscape.edges)))
    return [each for each in found if each.rows]


def _row(landscape: Landscape, node: Node) -> tuple[str, ...]:
    what = (node.role or "Not said",) if node.place == Place.PARTY else (node.kind_word, group_word(node.group))
    holds, serves = ", ".join(landscape.words_of(node.holds)), ", ".join(node.services) or "All services"
    return (node.ref, node.name, *what, standing_of(node), holds, serves)


def _flow(landscape: Landscape, edge: Edge) -> tuple[str, ...]:
    source, target = landscape.by_key[edge.source], landscape.by_key[edge.target]
    return (
        edge.ref, f"{source.ref} {source.name}", f"{target.ref} {target.name}", str(Direction(edge.direction).label),
        ", ".join(landscape.words_of(edge.carries)) or "Not said", ENCRYPTED[edge.encrypted], side_of(landscape, edge),
    )  # fmt: skip


def side_of(landscape: Landscape, edge: Edge) -> str:
    """Where a flow runs, seen from the boundary."""
    if not landscape.crosses(edge):
        return "Inside" if landscape.is_inside(edge.source) else "Outside"
    if edge.both_ways:
        return "Crosses, both ways"
    return "Crosses, goes out" if landscape.is_inside(edge.source) else "Crosses, comes in"
