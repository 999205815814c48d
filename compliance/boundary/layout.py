"""Asking Graphviz where everything goes. It runs as a process of its own: no shell, the graph on its input, a limit on time
and on what it is asked."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from .graph import Graph, dot_of

Point = tuple[float, float]
#: Seconds that one layout may take.
PATIENCE = 8
#: More boxes or flows than this are not asked for: nobody could read them.
MOST_BOXES, MOST_FLOWS = 160, 320


class NoLayoutError(Exception):
    """There is no drawing. The message says why, and what to do, in words for the page."""


class LayoutFailedError(NoLayoutError):
    """Graphviz tried and gave up."""


@dataclass(frozen=True)
class Rect:
    """A rectangle: its left upper corner, width and height, in pixels from the left upper corner of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: Rect) -> bool:
        """Whether another lies within, edges included."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether they share any surface."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True)
class Curve:
    """A flow's line: a start, then cubic Bézier segments of three points each; `label` is the middle of its words.

    `start` and `tip` lie on the edges of the two boxes; between them and the line there is room for an arrow head.
    """

    points: tuple[Point, ...]
    start: Point
    tip: Point
    label: Point | None


@dataclass(frozen=True)
class Layout:
    """Where everything goes: boxes and curves by their number in the graph, clusters by name."""

    width: float
    height: float
    boxes: tuple[Rect, ...]
    clusters: dict[str, Rect]
    curves: tuple[Curve, ...]


def check_size(graph: Graph) -> None:
    """Raises NoLayoutError for more than anybody could read."""
    if len(graph.boxes) > MOST_BOXES or len(graph.flows) > MOST_FLOWS:
        raise NoLayoutError(
            f"{len(graph.boxes)} boxes and {len(graph.flows)} flows are more than a drawing can show. Choose a service, "
            "a programme or an environment. The tables beneath have them all."
        )


def laid_out(graph: Graph) -> Layout:
    """The layout of a graph. Raises NoLayoutError, and for Graphviz's own failures tries the other way of ranking first."""
    check_size(graph)
    try:
        return _asked(graph, strictly=False)
    except LayoutFailedError:
        return _asked(graph, strictly=True)


def _asked(graph: Graph, *, strictly: bool) -> Layout:
    try:
        return _read(_run(dot_of(graph, strictly=strictly)), graph)
    except (KeyError, ValueError, IndexError, TypeError, AttributeError):
        raise LayoutFailedError("What Graphviz answered cannot be read. The tables beneath have everything.") from None


def _run(dot: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            ["dot", "-Tjson0"], input=dot.encode("ascii"), capture_output=True, timeout=PATIENCE, check=True
        )
    except FileNotFoundError:
        raise NoLayoutError(
            "Graphviz is not installed on this server, so the diagram cannot be laid out. Install its package, graphviz."
        ) from None
    except subprocess.TimeoutExpired:
        raise NoLayoutError(
            f"The layout took longer than {PATIENCE} seconds and was given up. Choose a service, a programme or an environment."
        ) from None
    except (subprocess.CalledProcessError, OSError):
        raise LayoutFailedError("Graphviz could not lay the diagram out. The tables beneath have everything.") from None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _read(answer: dict[str, Any], graph: Graph) -> Layout:
    """An answer in `json0`; Graphviz counts upwards from the bottom, we downwards from the top."""
    _, _, width, height = _numbers(answer["bb"])
    objects = {each["name"]: each for each in answer.get("objects", [])}
    boxes = tuple(_box(objects[f"n{at}"], height) for at in range(len(graph.boxes)))
    clusters = {
        name.removeprefix("cluster_"): _corner(each["bb"], height)
        for name, each in objects.items() if name.startswith("cluster_")
    }  # fmt: skip
    edges = {each["id"]: each for each in answer.get("edges", []) if "id" in each}
    curves = tuple(_curve(edges[f"e{at}"], height) for at in range(len(graph.flows)))
    return Layout(width, height, boxes, clusters, curves)


def _numbers(text: str) -> list[float]:
    return [float(each) for each in text.split(",")]


def _box(said: dict[str, Any], height: float) -> Rect:
    x, y = _numbers(said["pos"])
    wide, high = float(said["width"]) * 72, float(said["height"]) * 72
    return Rect(x - wide / 2, height - y - high / 2, wide, high)


def _corner(bounds: str, height: float) -> Rect:
    left, low, right, top = _numbers(bounds)
    return Rect(left, height - top, right - left, top - low)


def _curve(said: dict[str, Any], height: float) -> Curve:
    parts = said["pos"].split(" ")
    ends = {part[0]: _point(part[2:], height) for part in parts if part[:2] in ("e,", "s,")}
    points = tuple(_point(part, height) for part in parts if part[:2] not in ("e,", "s,"))
    label = _point(said["lp"], height) if "lp" in said else None
    return Curve(points, ends.get("s", points[0]), ends.get("e", points[-1]), label)


def _point(text: str, height: float) -> Point:
    x, y = _numbers(text)
    return x, height - y
