"""The hashes of subtrees that proofs need, read from tiles and, where no tile is full yet, from leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from . import merkle
from .models import Leaf, Tile

#: A tile spans eight levels of the tree.
SPAN = 8
WIDTH = 1 << SPAN
_HASH = 32
#: Stands for a leaf that is gone, and for every subtree with one: no proof with it leads to what was signed.
GONE = bytes(_HASH)

Node = tuple[int, int]


class StoredNodes:
    """The subtrees that the given ranges consist of, fetched in three queries at most, however large the log."""

    def __init__(self, ranges: Iterable[merkle.Range]) -> None:
        self._known: dict[Node, bytes] = {}
        wanted = {cell for each in ranges for node in merkle.subtrees(*each) for cell in _cells(*node)}
        self._from_tiles(wanted)
        self._from_roots(wanted - self._known.keys())
        self._from_leaves(wanted - self._known.keys())

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a subtree; GONE where a leaf of it is, which is found at the first one: nothing else is asked for."""
        held = self._known.get((level, index))
        if held is not None or level == 0:
            return held or GONE
        left = self(level - 1, 2 * index)
        right = GONE if left == GONE else self(level - 1, 2 * index + 1)
        return GONE if right == GONE else merkle.node_hash(left, right)

    def _from_tiles(self, wanted: set[Node]) -> None:
        places = {(level // SPAN, index // WIDTH) for level, index in wanted}
        for tile in Tile.objects.filter(_any(Q(level=level, index=index) for level, index in places)):
            for at, held in enumerate(cut(tile.hashes)):
                self._known[tile.level * SPAN, tile.index * WIDTH + at] = held

    def _from_roots(self, wanted: set[Node]) -> None:
        upper = [Q(level=level // SPAN - 1, index=index) for level, index in wanted if level]
        found = Tile.objects.filter(_any(upper)).values_list("level", "index", "root") if upper else []
        self._known.update({((level + 1) * SPAN, index): bytes(root) for level, index, root in found})

    def _from_leaves(self, wanted: set[Node]) -> None:
        """What lies behind the last full tile, and all of a log that no checkpoint has tiled yet."""
        spans = [Q(index__gte=start, index__lt=stop) for start, stop in _joined(wanted)]
        found = Leaf.objects.filter(_any(spans)).values_list("index", "leaf_hash") if spans else []
        self._known.update({(0, index): bytes(held) for index, held in found})


def cut(hashes: bytes | memoryview) -> list[bytes]:
    """The hashes of a tile, one by one."""
    whole = bytes(hashes)
    return [whole[at : at + _HASH] for at in range(0, len(whole), _HASH)]


def _cells(level: int, index: int) -> Iterator[Node]:
    """The hashes of a tile that a subtree consists of."""
    within = level % SPAN
    return ((level - within, each) for each in range(index << within, index + 1 << within))


def _joined(nodes: Iterable[Node]) -> list[merkle.Range]:
    """The leaves of nodes as few ranges, neighbours together."""
    found: list[merkle.Range] = []
    for start, stop in sorted((index << level, index + 1 << level) for level, index in nodes):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((start, stop))
    return found


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for each in conditions:
        found |= each
    return found
