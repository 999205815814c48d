"""Where the words of each flow stand: where Graphviz made room for them, else along their line wherever nothing is covered.
Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .boxes import LINE, Labelled
from .curves import walk
from .graph import FRAME, Graph
from .layout import Curve, Layout, Point, Rect

#: How far words keep off the frame's double line.
_OFF = 6.0
#: Steps aside, in pixels, that are tried around each point of a line.
_ASIDE: tuple[Point, ...] = (
    (0, 0), (0, -12), (0, 12), (0, -24), (0, 24), (-56, 0), (56, 0), (0, -40), (0, 40), (-56, -20), (56, 20), (-56, 20),
    (56, -20), (0, -60), (0, 60), (-90, -40), (90, 40), (-90, 40), (90, -40),
)  # fmt: skip


def placed(graph: Graph, layout: Layout) -> list[Rect | None]:
    """A place for the words of each flow, by its number. None where Graphviz gives no line."""
    taken = [*layout.boxes, *_titles(layout)]
    bars = list(_bars(layout.clusters.get(FRAME)))
    found: list[Rect | None] = []
    for flow, curve in zip(graph.flows, layout.curves, strict=True):
        at = _place(flow, curve, taken, bars, layout)
        found.append(at)
        if at is not None:
            taken.append(at)
    return found


def _place(flow: Labelled, curve: Curve, taken: Sequence[Rect], bars: Sequence[Rect], layout: Layout) -> Rect | None:
    best: tuple[int, Rect] | None = None
    for at in _candidates(flow, curve, layout):
        covers = sum(at.overlaps(each) for each in taken) + sum(at.overlaps(bar) for bar in bars)
        if covers == 0:
            return at
        if best is None or covers < best[0]:
            best = covers, at
    return best[1] if best else None


def _candidates(flow: Labelled, curve: Curve, layout: Layout) -> Iterator[Rect]:
    wide, high = flow.width - 6, flow.height - 2
    for x, y in _middles(curve):
        left, top = x - wide / 2, y - high / 2
        if left >= 0 and left + wide <= layout.width and top >= 0 and top + high <= layout.height:
            yield Rect(left, top, wide, high)


def _middles(curve: Curve) -> Iterator[Point]:
    if curve.label:
        yield curve.label
    line = list(walk(curve))
    middle = len(line) // 2
    nearest_first = sorted(range(0, len(line), 4), key=lambda at: abs(at - middle))
    for across, down in _ASIDE:
        for at in nearest_first:
            yield line[at][0] + across, line[at][1] + down


def _titles(layout: Layout) -> Iterator[Rect]:
    """The line at the head of each group, where its title stands."""
    for at in layout.clusters.values():
        yield Rect(at.x + 4, at.y, min(at.width - 8, 180), LINE + 6)


def _bars(frame: Rect | None) -> Iterator[Rect]:
    """The four lines of the frame, as wide as words keep off them."""
    if frame is None:
        return
    for y in (frame.y, frame.bottom):
        yield Rect(frame.x, y - _OFF, frame.width, 2 * _OFF)
    for x in (frame.x, frame.right):
        yield Rect(x - _OFF, frame.y, 2 * _OFF, frame.height)
