"""Proofs as documents that somebody can keep and verify without us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import selectors
from .models import Checkpoint
from .selectors import Proof


def inclusion_document(proof: Proof) -> dict[str, Any]:
    """That a signed checkpoint holds a leaf: its exact text, the hashes that lead to the root, the note, the keys."""
    return {
        "format": "fieldwork-inclusion-proof/1", "index": proof.leaf.index, "leaf": proof.leaf.body,
        "leaf_hash": bytes(proof.leaf.leaf_hash).hex(), "proof": _hex(proof.path), **_signed(proof.checkpoint),
    }  # fmt: skip


def consistency_document(old: int, old_root: bytes, newest: Checkpoint, path: Sequence[bytes]) -> dict[str, Any]:
    """That a signed checkpoint begins with an earlier one."""
    return {
        "format": "fieldwork-consistency-proof/1", "old_size": old, "old_root": old_root.hex(), "proof": _hex(path),
        **_signed(newest),
    }  # fmt: skip


def _signed(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "size": checkpoint.size, "root": bytes(checkpoint.root).hex(), "checkpoint": checkpoint.note,
        "keys": list(map(str, selectors.verifiers())),
    }  # fmt: skip


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]
