"""What an attestation is backed by lives a floor above. That floor registers here what there is to choose from, and links
what was chosen in the transaction of the answer; this floor never hears what evidence is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from compliance.trail.actors import Actor
from controls.models import Control

from .models import Answer


class Backing(Protocol):
    """What a floor above offers."""

    def offered(self, control: Control) -> list[tuple[str, str]]:
        """What shows the control, the newest first: (id, words)."""
        ...

    def link(self, *, actor: Actor, answer: Answer, chosen: Sequence[UUID]) -> None:
        """Link what was chosen. Raises ValidationError under `evidence` for what is not there."""
        ...


_backings: list[Backing] = []


def register(backing: Backing) -> None:
    """Offer something to choose from. There is one backing: another replaces it."""
    _backings[:] = [backing]


def offered(control: Control) -> list[tuple[str, str]]:
    """What an attestation of a control may be backed by; nothing where no floor above offers anything."""
    return [each for backing in _backings for each in backing.offered(control)]


def link(*, actor: Actor, answer: Answer, chosen: Sequence[UUID]) -> None:
    """Link what was chosen for an answer."""
    for backing in _backings:
        backing.link(actor=actor, answer=answer, chosen=chosen)
