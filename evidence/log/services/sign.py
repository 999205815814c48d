"""Signing checkpoints: tiles are filled, the root is computed, the note is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import selectors
from ..merkle import Tree, root
from ..models import Checkpoint, Leaf, Tile
from ..nodes import SPAN, WIDTH, StoredNodes
from ..notes import Head, sign
from .keys import one_signer_at_a_time, signing_key

_WRITTEN = 100


class RewrittenError(Exception):
    """The log is not the one that was signed last."""


@transaction.atomic
def sign_checkpoint(*, actor: Actor, despite_rewriting: bool = False) -> Checkpoint | None:
    """Sign what the log holds now, if it has grown since the newest checkpoint; returns the newest, None of an empty log.

    Idempotent. Receipts go on meanwhile: what they append is signed the next time. Raises RewrittenError where the log no
    longer begins with what was signed last, or has a hole: to go on signing would be to vouch for it. `despite_rewriting` is
    for a pack alone: it takes the earlier checkpoints along, by which its reader sees what was rewritten. Raises CannotOpen
    without the key.
    """
    one_signer_at_a_time()
    newest, size = selectors.latest_checkpoint(), selectors.size()
    if not despite_rewriting:
        _refuse_rewritten(newest, size)
    if size <= (newest.size if newest else 0):
        return newest
    fill_tiles(size)
    key, signer = signing_key(actor=actor)
    top = root(StoredNodes([(0, size)]), size)
    checkpoint = Checkpoint.objects.create(
        size=size, root=top, key=key, note=sign(str(Head(selectors.origin(), size, top)), signer)
    )
    record(
        actor=actor, action="evidence_log.checkpoint.signed", target=checkpoint, after={"size": size, "root": top.hex()}
    )
    return checkpoint


def _refuse_rewritten(newest: Checkpoint | None, size: int) -> None:
    signed = newest.size if newest else 0
    if newest is not None and selectors.root_at(signed) != bytes(newest.root):
        raise RewrittenError(f"The log does not begin with its checkpoint of {signed} leaves any more. Nothing was signed.")
    if size > signed and Leaf.objects.filter(index__gte=signed, index__lt=size).count() != size - signed:
        raise RewrittenError(f"Leaves after the checkpoint of {signed} are gone. Nothing was signed.")


def fill_tiles(size: int) -> None:
    """Store every tile that the first `size` leaves fill and that is not stored yet."""
    level = 0
    while full := size >> SPAN * (level + 1):
        stored = Tile.objects.filter(level=level).count()
        _store(level, stored, full)
        level += 1


def _store(level: int, first: int, last: int) -> None:
    waiting: list[Tile] = []
    for index, hashes in enumerate(_blocks(level, first, last), start=first):
        top = Tree(hashes)(SPAN, 0)
        waiting.append(Tile(level=level, index=index, hashes=b"".join(hashes), root=top))
        if len(waiting) == _WRITTEN:
            Tile.objects.bulk_create(waiting)
            waiting = []
    Tile.objects.bulk_create(waiting)


def _blocks(level: int, first: int, last: int) -> Iterator[list[bytes]]:
    """The hashes of each tile from `first` to before `last`."""
    span = {"index__gte": first * WIDTH, "index__lt": last * WIDTH}
    found: QuerySet[Any, Any]
    if level:
        found = Tile.objects.filter(level=level - 1, **span).order_by("index").values_list("root", flat=True)
    else:
        found = Leaf.objects.filter(**span).order_by("index").values_list("leaf_hash", flat=True)
    block: list[bytes] = []
    for held in found.iterator(chunk_size=WIDTH * 20):
        block.append(bytes(held))
        if len(block) == WIDTH:
            yield block
            block = []
