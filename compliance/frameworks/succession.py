"""A new version of a framework takes the place of an old one: what stands on the old carries over, by rooms above.

Rooms above register an heir each in `AppConfig.ready` (decisions, 2). An heir is called inside the transaction that
loads the new version, and says what it carried and what it left for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from compliance.tenancy.contributors import Contributors
from compliance.trail.actors import Actor

from .models import Framework, Requirement


@dataclass(frozen=True)
class Carried:
    """What became of one kind of thing: how many carried over, and what was left, each in a sentence."""

    noun: str
    number: int
    left: list[str] = field(default_factory=list)


Heir = Callable[[Actor, Framework, Framework, Mapping[UUID, Requirement]], Carried]
_heirs: Contributors[Heir] = Contributors()


def register(name: str, heir: Heir) -> None:
    """Add an heir. `heir(actor, before, after, successors)`: `successors` has the new requirement of each old one's id."""
    _heirs.register(name, heir)


def carry_over(
    actor: Actor, before: Framework, after: Framework, successors: Mapping[UUID, Requirement]
) -> list[dict[str, Any]]:
    """Let every heir carry over, in the order of the alphabet; what they say, as it is stored."""
    return [asdict(heir(actor, before, after, successors)) for heir in _heirs]
