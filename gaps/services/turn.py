"""One at a time: whoever writes gaps of a room waits for the reconcile that is under way, and it for them."""

from __future__ import annotations

from compliance.tenancy import turns


def take_turn() -> None:
    """Hold the room's register until the transaction ends, so that nobody writes over what another just decided."""
    turns.take_turn("reconcile")
