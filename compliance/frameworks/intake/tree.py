"""Entries as a tree: in order, each ref once, no entry its own ancestor; and rows of guidance put under their row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .library import MOST_REQUIREMENTS, Edition, Entry, Library, Point

MOST_REF, MOST_TITLE, MOST_LEVEL, MOST_CATEGORY = 200, 500, 120, 120
MOST_TEXT = 50_000


@dataclass
class Node:
    """One row before its tree is known. `id` and `parent_id` are the file's own; `where` is its place there."""

    id: str
    parent_id: str
    where: str
    ref: str
    title: str = ""
    text: str = ""
    assessable: bool | None = None
    level: str = ""
    category: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    points: tuple[Point, ...] = ()
    external_id: str = ""


def entries_of(nodes: Sequence[Node], library: Library) -> list[Entry]:
    """The entries of nodes, parents before children, each under a ref of its own. Faults and notes go to `library`."""
    if len(nodes) > MOST_REQUIREMENTS:
        library.fault(
            "", f"{len(nodes):,} requirements are more than the {MOST_REQUIREMENTS:,} that a framework may have."
        )
        return []
    if not _sound(nodes, library):
        return []
    ordered = _in_order(nodes, library)
    refs = _refs(ordered, library)
    parents = {node.parent_id for node in ordered if node.parent_id}
    unsaid = sum(node.assessable is None for node in ordered)
    if unsaid:
        library.notes.append(f"{unsaid} rows do not say whether they are assessed: those without rows below them are.")
    return [_entry(node, refs, node.id not in parents) for node in ordered]


def _sound(nodes: Sequence[Node], library: Library) -> bool:
    before = len(library.faults)
    first: dict[str, str] = {}
    for node in nodes:
        if node.id in first:
            library.fault(node.where, f"“{node.id}” is listed before, at {first[node.id]}.")
        first.setdefault(node.id, node.where)
    for node in nodes:
        if node.parent_id and node.parent_id not in first:
            library.fault(node.where, f"its parent “{node.parent_id}” is not in the file.")
        if len(node.text) > MOST_TEXT:
            library.fault(node.where, f"its text is longer than {MOST_TEXT:,} characters.")
    return len(library.faults) == before


def _in_order(nodes: Sequence[Node], library: Library) -> list[Node]:
    """Depth first, siblings as they are listed. What is reached from no root is its own ancestor."""
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent_id, []).append(node)
    ordered: list[Node] = []
    waiting = list(reversed(below.get("", [])))
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting += reversed(below.get(node.id, []))
    if len(ordered) != len(nodes):
        reached = {node.id for node in ordered}
        for node in nodes:
            if node.id not in reached:
                library.fault(node.where, "it is its own ancestor, or below a row that is.")
        return []
    return ordered


def _refs(nodes: Iterable[Node], library: Library) -> dict[str, str]:
    """A ref for every node's id. One that stands twice gets a number after it, and one that is too long is cut."""
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    refs: dict[str, str] = {}
    repeated: list[str] = []
    for node in nodes:
        plain = node.ref[: MOST_REF - 8]
        ref = plain
        if plain in taken:
            repeated.append(plain)
        while ref in taken:
            seen[plain] += 1
            ref = f"{plain} ({seen[plain] + 1})"
        taken.add(ref)
        refs[node.id] = ref
    if repeated:
        shown = ", ".join(dict.fromkeys(repeated[:5]))
        library.notes.append(f"{len(repeated)} refs stand more than once and were numbered: {shown}.")
    return refs


def _entry(node: Node, refs: dict[str, str], is_leaf: bool) -> Entry:
    ref = refs[node.id]
    title, text = node.title or ref, node.text
    if len(title) > MOST_TITLE:
        text = f"{title}\n\n{text}".strip()
        title = f"{title[: MOST_TITLE - 1].rstrip()}…"
    return Entry(
        ref=ref, title=title, text=text or title, parent=refs[node.parent_id] if node.parent_id else None,
        assessable=is_leaf if node.assessable is None else node.assessable, level=node.level[:MOST_LEVEL],
        category=node.category[:MOST_CATEGORY], external_id=node.external_id[:400], attributes=node.attributes,
        points=node.points, **node.fields,
    )  # fmt: skip


def depths_of(entries: Iterable[Entry]) -> dict[str, int]:
    """How deep each ref stands, from 1; parents come before their children."""
    depths: dict[str, int] = {}
    for entry in entries:
        depths[entry.ref] = depths.get(entry.parent or "", 0) + 1
    return depths


def with_levels(entries: list[Entry]) -> list[Entry]:
    """Entries whose file names no levels, named by their depth."""
    depths = depths_of(entries)
    return [entry if entry.level else replace(entry, level=f"level {depths[entry.ref]}") for entry in entries]


def as_guidance(entries: list[Entry], depth: int) -> list[Entry]:
    """Rows from `depth` on become points of focus of the row above that stays, which is then assessed.

    Points of focus are guidance and are never assessed instead of their criterion (decisions, 23).
    """
    depths = depths_of(entries)
    stays: dict[str, str] = {}
    points: dict[str, list[Point]] = {}
    for entry in entries:
        if depths[entry.ref] < depth or entry.parent is None:
            stays[entry.ref] = entry.ref
            continue
        stays[entry.ref] = above = stays[entry.parent]
        text = entry.text if entry.title in (entry.ref, entry.text) else f"{entry.title}. {entry.text}"
        points.setdefault(above, []).append(Point(entry.ref, text))
    return [
        replace(
            entry,
            assessable=entry.assessable or entry.ref in points,
            points=(*entry.points, *points.get(entry.ref, ())),
        )
        for entry in entries
        if stays[entry.ref] == entry.ref
    ]


def shaped(edition: Edition, guidance_depth: int | None) -> Edition:
    """An edition with its levels named and its guidance put where it belongs."""
    entries = list(edition.entries)
    if guidance_depth and guidance_depth > 1:
        entries = as_guidance(entries, guidance_depth)
    return replace(edition, entries=tuple(with_levels(entries)))
