"""One at a time: whoever writes warnings of a room waits for the reconcile that is under way, and it for them."""

from __future__ import annotations

from compliance.tenancy import turns


def take_turn() -> None:
    """Hold the room's warnings until the transaction ends."""
    turns.take_turn("scope-warnings")
