"""What is written into each box and on each flow, and how much room it takes. Pure; lengths in pixels of the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from .landscape import Edge, Landscape, Node, Place, group_word
from .lettering import plain, shortened, width_of, wrapped

TYPE = 12.0
LINE = 15.0
BOX_WIDTH = 172.0
PAD = 9.0
_LABEL_WIDTH = 100.0
_BOLD = 1.08  # half-bold is set wider
_ROOM = BOX_WIDTH - 2 * PAD


@dataclass(frozen=True)
class Lettered:
    """A node with its words, line by line. `head` is reference and kind, `note` what sets it apart, empty for most."""

    node: Node
    head: tuple[str, str]
    name: tuple[str, ...]
    note: str

    @property
    def height(self) -> float:
        return (1 + len(self.name) + bool(self.note)) * LINE + 9


@dataclass(frozen=True)
class Labelled:
    """A flow with its words: the data that it carries, and what is wrong or not known of it."""

    edge: Edge
    lines: tuple[str, ...]
    note: str

    @property
    def width(self) -> float:
        return max((width_of(line, TYPE) for line in (*self.lines, self.note)), default=0) + 8

    @property
    def height(self) -> float:
        return (len(self.lines) + bool(self.note)) * LINE + 4


def lettered(node: Node) -> Lettered:
    """The words of a box: reference and kind, the name in two lines at most, and what sets it apart."""
    ref = shortened(plain(node.ref), _ROOM * 0.6, TYPE * _BOLD)
    kind = shortened(node.kind_word, _ROOM - width_of(ref, TYPE * _BOLD) - 6, TYPE)
    name = tuple(wrapped(node.name, _ROOM, TYPE * _BOLD)) or ("–",)
    return Lettered(node, (ref, kind), name, note_of(node))


def note_of(node: Node) -> str:
    """What sets a node apart, in words: a reader who sees no colour and no dashes loses nothing."""
    if node.undecided:
        return "Undecided"
    if node.out:
        return "Out of scope"
    if node.place == Place.BESIDE:
        return "For other services"
    return ""


def labelled(landscape: Landscape, edge: Edge) -> Labelled:
    """The words on a flow: its data classes in two lines at most."""
    carries = ", ".join(map(_brief, landscape.words_of(edge.carries))) or "Data not said"
    note = {True: "", False: "Not encrypted", None: "Encryption not said"}[edge.encrypted]
    return Labelled(edge, tuple(wrapped(carries, _LABEL_WIDTH, TYPE)), note)


def _brief(data_class: str) -> str:
    """A data class where there is little room: "Customer" for "Customer data"."""
    for ending in (" data", " records", " documents", " and keys", " data only"):
        data_class = data_class.removesuffix(ending)
    return data_class


def title_of(landscape: Landscape, node: Node) -> str:
    """Everything that is known of a node, for whoever points at it."""
    said = [f"{plain(node.ref)} {plain(node.name)}", node.kind_word]
    if node.stands_for:
        said.append("; ".join(f"{plain(each.ref)} {plain(each.name)}" for each in node.stands_for))
    if node.role:
        said.append(node.role)
    said.append(standing_of(node))
    if node.place != Place.PARTY:
        said.append(group_word(node.group))
    if node.holds:
        said.append("Holds " + ", ".join(map(plain, landscape.words_of(node.holds))))
    if node.services:
        said.append("Serves " + ", ".join(map(plain, node.services)))
    return ". ".join(said)


def standing_of(node: Node) -> str:
    """Whether a node is in scope, and where it stands, in one sentence."""
    if node.undecided:
        return "Undecided, counts as in scope"
    if node.out:
        return "Out of scope"
    if node.place == Place.BESIDE:
        return "In scope, for other services than these"
    return "In scope, outside the boundary" if node.place == Place.PARTY else "In scope"


def flow_title(landscape: Landscape, edge: Edge) -> str:
    """A flow in a sentence."""
    source, target = (landscape.by_key[key] for key in (edge.source, edge.target))
    way = "and" if edge.both_ways else "to"
    said = [f"{plain(edge.ref)}: {plain(source.name)} {way} {plain(target.name)}"]
    said.append(", ".join(map(plain, landscape.words_of(edge.carries))) or "Data not said")
    said.append({True: "Encrypted", False: "Not encrypted", None: "Encryption not said"}[edge.encrypted])
    if landscape.crosses(edge):
        said.append("Crosses the boundary")
    return ". ".join(said)
