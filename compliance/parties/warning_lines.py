"""Warnings on third parties: the shape of one, and the sources above this room that add their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from compliance.tenancy.contributors import Contributors

from .models import Party
from .rules import Rule


@dataclass(frozen=True)
class Warning:
    """One warning. `subject` names the party, `party_id` is None where it has no entry here yet, and
    `system_id` is then its entry in the scope register."""

    rule: Rule
    subject: str
    reason: str
    todo: str
    url: str
    party_id: UUID | None = None
    system_id: UUID | None = None


Source = Callable[[Sequence[Party]], Iterable[Warning]]
_sources: Contributors[Source] = Contributors()


def register(name: str, source: Source) -> None:
    """Add warnings on parties from a floor above. `source(parties)` runs in the room, in few queries."""
    _sources.register(name, source)


def from_above(parties: Sequence[Party]) -> list[Warning]:
    """What the floors above say of these parties."""
    return [each for source in _sources for each in source(parties)]
