"""The diagram as SVG, from a graph and its layout. Pure: attributes for geometry, classes and plain attributes for paint, no
inline style. Everything that comes from the register is escaped here, and only here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import conditional_escape

from compliance.web.charts.shapes import number
from compliance.web.documents.figures import Figure

from .boxes import LINE, PAD, TYPE, Labelled, Lettered, flow_title, title_of
from .curves import arrow, crossing_of, path_of
from .graph import FRAME, Cluster, Graph
from .labels import placed
from .landscape import Edge, Landscape, Node, Place
from .layout import Curve, Layout, Rect
from .lettering import shortened
from .paint import shape, words

MARGIN = 12.0
_GATE = 4.5
_ROUND = {"team", "location", "environment"}
_STORES = {"database", "data_store"}


@dataclass(frozen=True)
class Drawn:
    """A drawing's inside, with its size in pixels."""

    width: float
    height: float
    content: str


def drawn(graph: Graph, layout: Layout) -> Drawn:
    """The drawing from the ground up: groups, frame, flows, words on flows, boxes."""
    frame = layout.clusters.get(FRAME)
    parts = [
        *(_group(cluster, layout.clusters[cluster.name]) for cluster in graph.clusters if not cluster.frame),
        *(_frame(frame) if frame else ()),
        *(_group(cluster, layout.clusters[cluster.name]) for cluster in graph.clusters if cluster.frame),
        *(_flow(graph, flow, curve, frame) for flow, curve in zip(graph.flows, layout.curves, strict=True)),
        *map(_words_on, graph.flows, placed(graph, layout)),
        *(_box(graph.landscape, box, at) for box, at in zip(graph.boxes, layout.boxes, strict=True)),
    ]
    return Drawn(layout.width, layout.height, "".join(parts))


def as_figure(drawing: Drawn, *, title: str, description: str) -> Figure:
    """The drawing on its ground, with a margin."""
    ground = Rect(-MARGIN, -MARGIN, drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN)
    content = rect("bd-paper", ground) + drawing.content
    return Figure(title, description, ground.x, ground.y, ground.width, ground.height, content)


def rect(css: str, at: Rect, *, radius: float = 0) -> str:
    """A rectangle of a class."""
    rounded = f' rx="{number(radius)}"' if radius else ""
    place = f'x="{number(at.x)}" y="{number(at.y)}" width="{number(at.width)}" height="{number(at.height)}"'
    return f"<rect {shape(css)} {place}{rounded}/>"


def text(css: str, x: float, y: float, content: str, *, middle: bool = False) -> str:
    """A line of text; nothing of `content` is markup."""
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text {words(css, TYPE)} x="{number(x)}" y="{number(y)}"{anchor}>{conditional_escape(content)}</text>'


def _titled(title: str, parts: Iterable[str], css: str) -> str:
    return f'<g class="{css}"><title>{conditional_escape(title)}</title>{"".join(parts)}</g>'


def _frame(at: Rect) -> Iterator[str]:
    yield rect("bd-frame", at)
    yield rect("bd-frame-in", Rect(at.x + 4, at.y + 4, at.width - 8, at.height - 8))
    yield text("bd-frame-title", at.x + 14, at.y + 21, "In-scope boundary")


def _group(cluster: Cluster, at: Rect) -> str:
    css = "bd-group" if cluster.frame else "bd-group-out"
    title = shortened(cluster.title, at.width - 20, TYPE * 1.08)
    return _titled(cluster.title, (rect(css, at), text("bd-title", at.x + 10, at.y + 17, title)), "bd-g")


def _box(landscape: Landscape, box: Lettered, at: Rect) -> str:
    return _titled(title_of(landscape, box.node), (*box_shape(box.node, at), *_lines(box, at)), "bd-n")


def box_shape(node: Node, at: Rect) -> Iterator[str]:
    """The outline of a node: what it is by its shape, whether it is in by its line."""
    css = "bd-box-undecided" if node.undecided else "bd-box-out" if node.out or node.place == Place.BESIDE else "bd-box"
    if node.stands_for:
        yield rect(css, Rect(at.x + 4, at.y - 4, at.width, at.height))
    yield rect(css, at, radius=13 if node.kind in _ROUND else 0 if node.place == Place.PARTY else 3)
    if node.kind in _STORES:
        yield f'<path {shape("bd-mark")} d="M{number(at.x + 4)} {number(at.y)}V{number(at.bottom)}"/>'
    if node.place == Place.PARTY:
        yield rect("bd-mark", Rect(at.x + 3, at.y + 3, at.width - 6, at.height - 6))


def _lines(box: Lettered, at: Rect) -> Iterator[str]:
    x, y = at.x + PAD, at.y + 16
    ref, kind = box.head
    yield text("bd-ref", x, y, ref)
    yield f'<text {words("bd-kind", TYPE)} x="{number(at.right - PAD)}" y="{number(y)}" text-anchor="end">{conditional_escape(kind)}</text>'
    for line in box.name:
        y += LINE
        yield text("bd-name", x, y, line)
    if box.note:
        yield text("bd-unknown" if box.node.undecided else "bd-note", x, y + LINE, box.note)


def flow_css(landscape: Landscape, edge: Edge) -> str:
    """How a flow is drawn: across the boundary, wholly outside, or within."""
    if landscape.crosses(edge):
        return "-crossing"
    return "" if landscape.is_inside(edge.source) else "-outside"


def _flow(graph: Graph, flow: Labelled, curve: Curve, frame: Rect | None) -> str:
    edge, kind = flow.edge, flow_css(graph.landscape, flow.edge)
    turned = graph.turned(edge)
    parts = [f'<path {shape("bd-flow" + kind)} d="{path_of(curve)}"/>']
    if edge.both_ways or not turned:
        parts.append(_arrow(kind, curve.points[-1], curve.tip))
    if edge.both_ways or turned:
        parts.append(_arrow(kind, curve.points[0], curve.start))
    gate = crossing_of(curve, frame) if frame and kind == "-crossing" else None
    if gate:
        parts.append(f'<circle {shape("bd-gate")} cx="{number(gate[0])}" cy="{number(gate[1])}" r="{_GATE}"/>')
    return _titled(flow_title(graph.landscape, edge), parts, "bd-f")


def _arrow(kind: str, base: tuple[float, float], tip: tuple[float, float]) -> str:
    points = " ".join(f"{number(x)},{number(y)}" for x, y in arrow(base, tip))
    return f'<polygon {shape("bd-head" + kind)} points="{points}"/>'


def _words_on(flow: Labelled, at: Rect | None) -> str:
    if at is None:
        return ""
    middle, line = at.x + at.width / 2, at.y - 1
    parts = [rect("bd-plate", at)]
    for words_of_data in flow.lines:
        line += LINE
        parts.append(text("bd-data", middle, line - 1, words_of_data, middle=True))
    if flow.note:
        css = "bd-fail" if flow.edge.encrypted is False else "bd-unknown"
        parts.append(text(css, middle, line + LINE - 1, flow.note, middle=True))
    return f'<g class="bd-l">{"".join(parts)}</g>'
