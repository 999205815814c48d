"""The room's log as a pack takes it along, at its newest checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from compliance.trail.actors import Actor
from evidence.log import selectors
from evidence.log.merkle import Tree, inclusion_proof
from evidence.log.models import Leaf
from evidence.log.notes import sign
from evidence.log.services.keys import signing_key
from evidence.log.services.sign import sign_checkpoint

#: Stands in the place of a leaf that is gone: the verifiers name it (evidence/packs/verifier/log.py).
_GONE = bytes(32)


class EmptyLog(LookupError):
    """There is no evidence yet: nothing that a pack could prove."""


class StoredLog:
    """Read once, in the room; what it gives afterwards needs no database. Holds 32 bytes a leaf, and the tree over them."""

    def __init__(self, *, actor: Actor) -> None:
        """Signs what the log has grown by, unless leaves are gone from it: then the newest checkpoint that was signed before
        stands, and the pack shows the holes. Raises EmptyLog."""
        newest = sign_checkpoint(actor=actor, despite_rewriting=True) if _is_whole() else selectors.latest_checkpoint()
        if newest is None:
            raise EmptyLog("There is no evidence yet that a pack could hold.")
        self.size: int = newest.size
        self.checkpoint: str = newest.note
        self.keys = "".join(f"{each}\n" for each in selectors.verifiers())
        self._signed = [(each.size, each.signed_at, each.note) for each in selectors.checkpoints().order_by("size")]
        self._hashes = list(_hashes(self.size))
        self._tree: Tree | None = None
        _, self._signer = signing_key(actor=actor)

    def earlier(self) -> list[tuple[int, datetime, str]]:
        """Every signed checkpoint up to this one: size, when, note."""
        return [each for each in self._signed if each[0] <= self.size]

    def hashes(self) -> list[bytes]:
        """The hash of each leaf, in order."""
        return self._hashes

    def proof(self, index: int) -> list[bytes]:
        """From the leaf to the root."""
        self._tree = self._tree or Tree(self._hashes)
        return inclusion_proof(self._tree, index, self.size)

    def sign(self, text: str) -> str:
        """A signed note over a text."""
        return sign(text, self._signer)


def _is_whole() -> bool:
    size = selectors.size()
    return Leaf.objects.filter(index__lt=size).count() == size


def _hashes(size: int) -> Iterator[bytes]:
    place = 0
    found = Leaf.objects.filter(index__lt=size).order_by("index").values_list("index", "leaf_hash")
    for index, held in found.iterator(chunk_size=10_000):
        while place < index:
            yield _GONE
            place += 1
        yield bytes(held)
        place += 1
    yield from (_GONE for _ in range(place, size))
