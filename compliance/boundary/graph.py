"""The diagram as a graph for Graphviz. Pure.

Only numbers and names of our own go out: boxes and labels as sizes, never a word of the register. So no name can be read
as DOT, and the same text stands for every register of this shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .boxes import BOX_WIDTH, TYPE, Labelled, Lettered, labelled, lettered
from .landscape import Edge, Landscape, Node, Place, group_word
from .lettering import width_of

FRAME = "inside"
PARTIES = "parties"
#: A point, Graphviz's unit, is a pixel of the drawing.
_INCH = 72
#: So many boxes that no flow touches stand in a row.
_IN_A_ROW = 4


@dataclass(frozen=True)
class Cluster:
    """A group of nodes under a title. `name` is ours; `frame` says whether it stands within the boundary."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    frame: bool


@dataclass(frozen=True)
class Graph:
    """Everything that is to be laid out: boxes, labelled flows and clusters, in the order in which they are numbered.

    `rank` gives each node its turn. Graphviz is told of every flow in that order, whichever way the data goes: it lays
    out reliably what never leads back, and the arrow heads are ours.
    """

    landscape: Landscape
    boxes: tuple[Lettered, ...]
    flows: tuple[Labelled, ...]
    clusters: tuple[Cluster, ...]
    rank: Mapping[str, int]

    def turned(self, edge: Edge) -> bool:
        """Whether Graphviz was told of a flow from its target to its source."""
        return self.rank[edge.source] > self.rank[edge.target]


def graph_of(landscape: Landscape) -> Graph:
    """What a landscape asks for."""
    clusters = tuple(_clusters(landscape))
    return Graph(
        landscape, tuple(map(lettered, landscape.nodes)), tuple(labelled(landscape, edge) for edge in landscape.edges),
        clusters, _ranked(landscape, clusters),
    )  # fmt: skip


def _ranked(landscape: Landscape, clusters: Iterable[Cluster]) -> dict[str, int]:
    """Each node's turn: cluster after cluster, within one along its flows."""
    found: dict[str, int] = {}
    for cluster in clusters:
        for key in _along(landscape, {node.key: None for node in cluster.nodes}):
            found[key] = len(found)
    return found


def _along(landscape: Landscape, keys: Mapping[str, None]) -> list[str]:
    """The nodes of a cluster in an order that leads along its flows wherever no circle forbids it."""
    onward: dict[str, list[str]] = {key: [] for key in keys}
    for edge in landscape.edges:
        if edge.source in keys and edge.target in keys:
            onward[edge.source].append(edge.target)
    seen: set[str] = set()
    found: list[str] = []
    for key in keys:
        path = [(key, iter(onward[key]))] if key not in seen else []
        seen.add(key)
        while path:
            at, rest = path[-1]
            following = next((each for each in rest if each not in seen), None)
            if following is None:
                found.append(at)
                path.pop()
            else:
                seen.add(following)
                path.append((following, iter(onward[following])))
    return found[::-1]


def _clusters(landscape: Landscape) -> Iterator[Cluster]:
    words = {Place.INSIDE: "{}", Place.BESIDE: "{}, for other services", Place.OUT: "{}, out of scope"}
    number = 0
    for place, pattern in words.items():
        groups: dict[str, list[Node]] = {}
        for node in landscape.at(place):
            groups.setdefault(node.group, []).append(node)
        for group, nodes in groups.items():
            yield Cluster(f"g{number}", pattern.format(group_word(group)), tuple(nodes), place == Place.INSIDE)
            number += 1
    if parties := landscape.at(Place.PARTY):
        yield Cluster(PARTIES, "Third parties", tuple(parties), False)


def dot_of(graph: Graph, *, strictly: bool = False) -> str:
    """The graph in DOT, flows leading from left to right.

    Graphviz ranks cluster by cluster, which sets words apart best; for some graphs that fails, and it has to rank all
    nodes at once, `strictly`, which never does.
    """
    return "\n".join(_lines(graph, strictly)) + "\n"


def _lines(graph: Graph, strictly: bool) -> Iterator[str]:
    number = {box.node.key: at for at, box in enumerate(graph.boxes)}
    yield "digraph boundary {"
    yield f"graph [rankdir=LR newrank={str(strictly).lower()} nodesep=0.16 ranksep=0.3 margin=0 pad=0]"
    yield 'node [shape=box fixedsize=true label=""]'
    yield "edge [dir=both arrowsize=0.7]"
    within = [cluster for cluster in graph.clusters if cluster.frame]
    if within:
        yield f"subgraph cluster_{FRAME} {{ margin=16 {_title('In-scope boundary')}"
        for cluster in within:
            yield from _cluster(cluster, graph, number)
        yield "}"
    for cluster in graph.clusters:
        if not cluster.frame:
            yield from _cluster(cluster, graph, number)
    for at, flow in enumerate(graph.flows):
        first, last = sorted((flow.edge.source, flow.edge.target), key=graph.rank.__getitem__)
        yield f"n{number[first]} -> n{number[last]} [id=e{at} label={_room(flow.width, flow.height)}]"
    yield "}"


def _cluster(cluster: Cluster, graph: Graph, number: dict[str, int]) -> Iterator[str]:
    yield f"subgraph cluster_{cluster.name} {{ margin=12 {_title(cluster.title)}"
    for node in cluster.nodes:
        at = number[node.key]
        yield f"n{at} [width={BOX_WIDTH / _INCH:.4f} height={graph.boxes[at].height / _INCH:.4f}]"
    yield from _rows(cluster.nodes, graph.landscape, number)
    yield "}"


def _rows(nodes: Sequence[Node], landscape: Landscape, number: dict[str, int]) -> Iterator[str]:
    """What no flow touches is tied into rows unseen, so that it fills a block instead of one endless line."""
    touched = {end for edge in landscape.edges for end in (edge.source, edge.target)}
    alone = [number[node.key] for node in nodes if node.key not in touched]
    for row in _in_rows(alone):
        if len(row) > 1:
            yield " -> ".join(f"n{at}" for at in row) + " [style=invis weight=8]"


def _in_rows(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    length = min(_IN_A_ROW, max(2, round(len(numbers) ** 0.5)))
    return (numbers[at : at + length] for at in range(0, len(numbers), length))


def _title(text: str) -> str:
    return f"labeljust=l labelloc=t label={_room(min(width_of(text, TYPE * 1.08) + 4, BOX_WIDTH + 150), 18)}"


def _room(width: float, height: float) -> str:
    """An empty label of a size."""
    return (
        f'<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" WIDTH="{round(width)}"'
        f' HEIGHT="{round(height)}"><TR><TD></TD></TR></TABLE>>'
    )
