"""Who else decides what does not apply: a floor above that keeps an approved document for it, and says so here."""

from __future__ import annotations

from collections.abc import Callable

from compliance.tenancy.contributors import Contributors

from .models import Programme

Decider = Callable[[Programme], str]
_deciders: Contributors[Decider] = Contributors()


def register(name: str, decider: Decider) -> None:
    """Add one. `decider(programme)` answers in a sentence where its document decides; empty where it does not."""
    _deciders.register(name, decider)


def decided_elsewhere(programme: Programme) -> str:
    """Where what does not apply is decided, in a sentence; empty where it is decided on the programme itself."""
    return next((said for decider in _deciders if (said := decider(programme))), "")
