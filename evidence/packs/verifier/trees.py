"""Merkle trees of RFC 6962: the root of the first hashes of a log, and where a proof leads."""

from __future__ import annotations

import hashlib


def sha256(content: bytes) -> bytes:
    """The digest, 32 bytes."""
    return hashlib.sha256(content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right)


class Tree:
    """RFC 6962, section 2.1: the root of all hashes added so far. Memory grows with the height only."""

    def __init__(self) -> None:
        self.whole: list[tuple[int, bytes]] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add the next leaf's hash."""
        height = 0
        while self.whole and self.whole[-1][0] == height:
            leaf_hash, height = node(self.whole.pop()[1], leaf_hash), height + 1
        self.whole.append((height, leaf_hash))

    def root(self) -> bytes:
        """The root; that of no leaf is the digest of nothing."""
        if not self.whole:
            return sha256(b"")
        found = self.whole[-1][1]
        for _, left in reversed(self.whole[:-1]):
            found = node(left, found)
        return found


def led_to(found: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), None where it is too long or too short."""
    last = size - 1
    for other in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            found = node(other, found)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = node(found, other)
        index, last = index >> 1, last >> 1
    return found if last == 0 else None
