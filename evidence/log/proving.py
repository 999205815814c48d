"""Whether today's log begins with what an earlier checkpoint signed."""

from __future__ import annotations

from dataclasses import dataclass

from . import merkle, selectors
from .models import Checkpoint
from .notes import BadNoteError, Head, Verifier, open_note, read_head


class NotAPrefixError(ValueError):
    """The earlier checkpoint is not one of this log as it stands; the message says exactly why."""


@dataclass(frozen=True)
class Prefix:
    """An earlier checkpoint, the newest one, and the proof that the one begins the other."""

    old: Head
    signed_by: Verifier
    newest: Checkpoint
    path: list[bytes]


def prove_prefix(note: str) -> Prefix:
    """Open a note that somebody kept, and prove it a prefix of the newest checkpoint. Raises NotAPrefixError."""
    try:
        opened = open_note(note, selectors.verifiers())
        old = read_head(opened.text)
    except BadNoteError as error:
        raise NotAPrefixError(str(error)) from None
    if old.origin != selectors.origin():
        raise NotAPrefixError(f"It is a checkpoint of another log: {old.origin}.")
    newest = selectors.latest_checkpoint()
    if newest is None or newest.size < old.size:
        held = newest.size if newest else 0
        raise NotAPrefixError(f"It signed {old.size} leaves, and the newest checkpoint here has {held}: leaves are gone.")
    path = selectors.consistency(old.size, newest.size)
    if not merkle.verify_consistency(old.size, newest.size, old.root, bytes(newest.root), path):
        raise NotAPrefixError(
            f"The first {old.size} leaves do not give the root that it signed: the log was rewritten since."
        )
    return Prefix(old, opened.verifier, newest, path)
