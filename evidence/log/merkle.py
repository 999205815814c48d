"""Merkle trees as Certificate Transparency hashes them (RFC 6962, section 2.1), with proofs and their verification. Pure.

A proof is a list of hashes of ranges of leaves. Which ranges is arithmetic; their hashes come from `Nodes`, which gives the
hash of the complete subtree number `index` at `level`: of the leaves from `index << level` on, `1 << level` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Nodes = Callable[[int, int], bytes]
Range = tuple[int, int]

#: The root of a log without leaves.
EMPTY = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf; the prefix keeps it from being taken for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node with two children."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """All complete subtrees of a list of leaf hashes, held in memory."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self.size = len(leaf_hashes)
        self._levels = [list(leaf_hashes)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])

    def __call__(self, level: int, index: int) -> bytes:
        return self._levels[level][index]


class Growing:
    """A tree that leaves are added to one by one, of which no more is held than its root needs."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []  # the complete subtrees from the left, each wider than the next

    def add(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        full = self.size
        while full & 1:
            leaf, full = node_hash(self._edge.pop(), leaf), full >> 1
        self._edge.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of what was added."""
        if not self._edge:
            return EMPTY
        *wider, top = self._edge
        for left in reversed(wider):
            top = node_hash(left, top)
        return top


def subtrees(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, index) that a range of a proof consists of, from the left. The range begins where a
    subtree as wide as it, or wider, would begin: so their widths fall."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def range_hash(nodes: Nodes, start: int, stop: int) -> bytes:
    """MTH of the leaves from `start` to before `stop`, a range as proofs have them."""
    if start == stop:
        return EMPTY
    *wider, last = (nodes(level, index) for level, index in subtrees(start, stop))
    for left in reversed(wider):
        last = node_hash(left, last)
    return last


def root(nodes: Nodes, size: int) -> bytes:
    """The root of the first `size` leaves."""
    return range_hash(nodes, 0, size)


def split(size: int) -> int:
    """The largest power of two below `size`, which is where a tree of that many leaves divides."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that leaf `index` is among the first `size`, from leaf to root (2.1.1).

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"A log of {size} leaves has no leaf {index}.")
    found: list[Range] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split(stop - start)
        if index < middle:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the first `old` leaves are a prefix of the first `new` (2.1.2).

    Empty for equal sizes and for `old` 0, which everything extends. Raises ValueError unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A log of {new} leaves cannot extend one of {old}.")
    if old in (0, new):
        return []
    found: list[Range] = []
    start, stop, whole = 0, new, True
    while old != stop:
        middle = start + split(stop - start)
        if old <= middle:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, stop))
    return found[::-1]


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves."""
    return [range_hash(nodes, *each) for each in inclusion_ranges(index, size)]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The hashes from which both roots can be computed."""
    return [range_hash(nodes, *each) for each in consistency_ranges(old, new)]


def climb(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> Iterator[tuple[str, bytes, bytes]]:
    """The steps from a leaf's hash to the root: the side on which the proof's hash stands, that hash, what both give.

    Raises ValueError for a proof that is not as long as this leaf's has to be.
    """
    ranges = inclusion_ranges(index, size)
    if len(ranges) != len(proof):
        raise ValueError(f"The proof of leaf {index} of {size} has {len(ranges)} hashes, not {len(proof)}.")
    for (start, _), beside in zip(ranges, proof, strict=True):
        side = "left" if start < index else "right"
        leaf = node_hash(beside, leaf) if side == "left" else node_hash(leaf, beside)
        yield side, beside, leaf


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], wanted: bytes) -> bool:
    """Whether a proof leads from a leaf's hash to the wanted root. A proof of the wrong length leads nowhere."""
    try:
        steps = list(climb(leaf, index, size, proof))
    except ValueError:
        return False
    return (steps[-1][2] if steps else leaf) == wanted


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the log with `new_root` begins with the one that has `old_root`.

    Follows RFC 9162, section 2.1.4.2, so that it shares no arithmetic with what made the proof.
    """
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == new_root if old == new else old_root == EMPTY)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, beside)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
