"""Who else decides what does not apply: a floor above that keeps an approved document for it, and says so here."""

from __future__ import annotations

from collections.abc import Callable

from .models import Programme

Decider = Callable[[Programme], str]
_deciders: dict[str, Decider] = {}


def register(name: str, decider: Decider) -> None:
    """Add one. `decider(programme)` answers in a sentence where its document decides; empty where it does not."""
    present = _deciders.setdefault(name, decider)
    if present is not decider:
        raise ValueError(f"{name} is registered already, by {present.__module__}")


def decided_elsewhere(programme: Programme) -> str:
    """Where what does not apply is decided, in a sentence; empty where it is decided on the programme itself."""
    return next((said for name in sorted(_deciders) if (said := _deciders[name](programme))), "")
