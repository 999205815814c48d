"""What the floors above know and the rules ask: each floor registers in `AppConfig.ready` (docs/decisions, registries).

A slot that nobody fills answers None: the facts are not known, and a rule that needs them says nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from compliance.programmes.models import Programme
from compliance.registers.models import System
from compliance.tenancy.contributors import Contributors

Asked = TypeVar("Asked")
Key = TypeVar("Key")
Known = TypeVar("Known")


class Slot(Contributors[Callable[[Asked], Mapping[Key, Known]]], Generic[Asked, Key, Known]):
    """Sources by name, each a function from what is asked to facts by key, in few queries, in the organisation's room."""

    def ask(self, asked: Asked) -> dict[Key, Known] | None:
        """What all sources say together; None where there is no source."""
        if not self.names():
            return None
        found: dict[Key, Known] = {}
        for source in self:
            found |= source(asked)
        return found


@dataclass(frozen=True)
class Support:
    """How far evidence carries a category: how many criteria it has, and those for which no evidence was ever collected."""

    criteria: int
    lacking: tuple[str, ...]


#: The last day on which evidence was collected from a system; one that is not named was never collected from.
collected: Slot[Sequence[System], UUID, date] = Slot()
#: References of the controls that name a system as one that they cover.
named: Slot[Sequence[System], UUID, tuple[str, ...]] = Slot()
#: How many evidence intervals a system adds in a year.
added: Slot[Sequence[System], UUID, int] = Slot()
#: By category chosen, how far evidence supports it in a programme.
supported: Slot[Programme, str, Support] = Slot()
