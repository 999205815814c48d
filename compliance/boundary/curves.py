"""Geometry of a flow's line: its path, its arrow heads, and where it goes through the frame. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import hypot

from compliance.web.charts.shapes import number

from .layout import Curve, Point, Rect

#: Points of one Bézier segment that are looked at where it might meet the frame.
_STEPS = 24
_HALF_HEAD = 3.6


def path_of(curve: Curve) -> str:
    """The line as path data, from the edge of one box to the edge of the other."""
    said = [f"M{_at(curve.start)}L{_at(curve.points[0])}"]
    said += [f"C{' '.join(_at(point) for point in segment)}" for segment in _segments(curve)]
    return "".join([*said, f"L{_at(curve.tip)}"])


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _segments(curve: Curve) -> Iterator[tuple[Point, Point, Point]]:
    rest = curve.points[1:]
    for at in range(0, len(rest) - 2, 3):
        yield rest[at], rest[at + 1], rest[at + 2]


def arrow(base: Point, tip: Point) -> list[Point]:
    """The three corners of an arrow head that points from `base` to `tip`."""
    along, down = tip[0] - base[0], tip[1] - base[1]
    length = hypot(along, down)
    if length == 0:
        return [tip, tip, tip]
    across = (-down / length * _HALF_HEAD, along / length * _HALF_HEAD)
    return [tip, (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1])]


def crossing_of(curve: Curve, frame: Rect) -> Point | None:
    """Where the line first goes through the frame, on the frame; None where it never does."""
    for before, after in pairwise(walk(curve)):
        if _within(before, frame) != _within(after, frame):
            return _meeting(before, after, frame)
    return None


def walk(curve: Curve) -> Iterator[Point]:
    """Points along the line, from box to box."""
    yield curve.start
    at = curve.points[0]
    yield at
    for first, second, end in _segments(curve):
        for step in range(1, _STEPS + 1):
            yield _bezier(at, first, second, end, step / _STEPS)
        at = end
    yield curve.tip


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(weight * point[0] for weight, point in zip(weights, (a, b, c, d), strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, (a, b, c, d), strict=True)),
    )


def _within(point: Point, frame: Rect) -> bool:
    return frame.x <= point[0] <= frame.right and frame.y <= point[1] <= frame.bottom


def _meeting(before: Point, after: Point, frame: Rect) -> Point:
    """The point between two that lies on the frame, by halving."""
    began = _within(before, frame)
    for _ in range(12):
        middle = ((before[0] + after[0]) / 2, (before[1] + after[1]) / 2)
        if _within(middle, frame) == began:
            before = middle
        else:
            after = middle
    return before
