"""Looking the log over: each leaf against its hash, every signed root against the leaves, the tiles against both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import selectors
from .merkle import Growing, Tree, leaf_hash
from .models import Checkpoint, Leaf, Tile
from .nodes import SPAN, WIDTH, cut
from .notes import BadNoteError, Head, open_note, read_head
from .problems import Problem, Problems

_READ = 2000
#: Stands for a leaf that is gone: the hash of nothing.
_GONE = bytes(32)


def inspect_log(problems: Problems) -> tuple[int, int]:
    """Add what does not agree within the log; returns how many leaves and checkpoints were looked at."""
    size, hashes = selectors.size(), []
    checkpoints = list(Checkpoint.objects.order_by("size"))
    for leaf, problem in _leaves(size):
        if problem:
            problems.add(problem)
        hashes.append(bytes(leaf.leaf_hash) if leaf else _GONE)
    problems.take(_beyond(size))
    problems.take(_signed(checkpoints, hashes))
    problems.take(_tiled(hashes))
    return size, len(checkpoints)


def _leaves(size: int) -> Iterator[tuple[Leaf | None, Problem | None]]:
    """Each place up to `size`, with the leaf that stands there and what is wrong with it."""
    place = 0
    for leaf in Leaf.objects.filter(index__lt=size).order_by("index").iterator(chunk_size=_READ):
        while place < leaf.index:
            yield None, Problem("The leaf is gone.", place)
            place += 1
        yield leaf, _of_leaf(leaf)
        place += 1
    for missing in range(place, size):
        yield None, Problem("The leaf is gone.", missing)


def _of_leaf(leaf: Leaf) -> Problem | None:
    if leaf_hash(leaf.body.encode()) != bytes(leaf.leaf_hash):
        return Problem("Its bytes do not give the hash that was signed: it was changed.", leaf.index)
    try:
        said: Any = json.loads(leaf.body)
        told = (said["type"], said["organization"], said["id"] if "id" in said else str(leaf.subject))
    except (ValueError, KeyError, TypeError):
        return Problem("Its bytes are no leaf.", leaf.index)
    if told != (leaf.kind, str(leaf.organization_id), str(leaf.subject)):
        return Problem("It is filed as something else than it says it is.", leaf.index)
    return None


def _beyond(size: int) -> Iterator[Problem]:
    """Leaves that the head does not count."""
    for index in Leaf.objects.filter(index__gte=size).order_by("index").values_list("index", flat=True):
        yield Problem("The log's head does not count this leaf: its size was lowered, or the leaf was put in by hand.", index)


def _signed(checkpoints: list[Checkpoint], hashes: list[bytes]) -> Iterator[Problem]:
    """The first signed root that the leaves do not give, and every note that does not say what its row says."""
    tree, keys, last, broken = Growing(), selectors.verifiers(), None, False
    for checkpoint in checkpoints:
        if problem := _of_note(checkpoint, keys):
            yield problem
        for held in hashes[tree.size : checkpoint.size]:
            tree.add(held)
        if not broken and (tree.size, tree.root) != (checkpoint.size, bytes(checkpoint.root)):
            yield _rewritten(last, checkpoint)
            broken = True
        last = checkpoint


def _rewritten(last: Checkpoint | None, checkpoint: Checkpoint) -> Problem:
    since = f"{last.size} leaves, signed {last.signed_at:%Y-%m-%d %H:%M} UTC" if last else "its beginning"
    return Problem(
        f"The leaves do not give the root of the checkpoint of {checkpoint.size} leaves, signed "
        f"{checkpoint.signed_at:%Y-%m-%d %H:%M} UTC: the log was rewritten somewhere after {since}."
    )


def _of_note(checkpoint: Checkpoint, keys: list[Any]) -> Problem | None:
    try:
        head = read_head(open_note(checkpoint.note, keys).text)
    except BadNoteError as error:
        return Problem(f"The checkpoint of {checkpoint.size} leaves is not what was signed. {error}")
    if head != Head(selectors.origin(), checkpoint.size, bytes(checkpoint.root)):
        return Problem(f"The checkpoint of {checkpoint.size} leaves is filed under another size or root than it signed.")
    return None


def _tiled(hashes: list[bytes]) -> Iterator[Problem]:
    """Tiles were stored when they were signed: a leaf that differs from its tile was exchanged after that."""
    below = hashes
    for level in range(selectors.size().bit_length() // SPAN + 1):
        roots = []
        for tile in Tile.objects.filter(level=level).order_by("index").iterator(chunk_size=100):
            held = cut(tile.hashes)
            roots.append(bytes(tile.root))
            if Tree(held)(SPAN, 0) != bytes(tile.root):
                yield Problem(f"Tile {tile.index} of level {level} was changed.")
            for at, (stored, now) in enumerate(zip(held, below[tile.index * WIDTH :], strict=False)):
                if stored != now and now != _GONE:
                    yield _exchanged(level, tile.index * WIDTH + at)
        below = roots


def _exchanged(level: int, place: int) -> Problem:
    if level == 0:
        return Problem("It is another leaf than the one that stood here when it was signed: it was exchanged.", place)
    return Problem(f"Tile {place} of level {level - 1} is another than the one that was stored.")
