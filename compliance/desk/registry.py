"""The registries of the desk: apps from above register a contributor each, and never hear of one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from compliance.desk.entries import DigestLine, WorkItem
from compliance.tenancy.contributors import Contributors


class Entry(Protocol):
    """Something that waits: the same thing has the same key, and all have an order."""

    @property
    def key(self) -> str: ...

    @property
    def order(self) -> tuple[Any, ...]: ...


Waiting = TypeVar("Waiting", bound=Entry)
# A membership, which lives above this package: contributors know it, the registry only hands it on.
Contributor = Callable[[Any], Iterable[Waiting]]


class Registry(Contributors[Contributor[Waiting]]):
    """Contributors, and what they say together."""

    def gather(self, membership: Any) -> list[Waiting]:
        """Everything that waits for a member, in order. Of two that speak of one thing the first in order counts.

        A contributor that fails, fails the whole: a list that leaves something out must not look complete.
        """
        told = (entry for contributor in self for entry in contributor(membership))
        first: dict[str, Waiting] = {}
        for entry in sorted(told, key=lambda entry: entry.order):
            first.setdefault(entry.key, entry)
        return list(first.values())


work: Registry[WorkItem] = Registry()
digest: Registry[DigestLine] = Registry()


def register(name: str, contributor: Contributor[WorkItem]) -> None:
    """Contribute to people's work. `contributor(membership)` runs in the organisation's room, in few queries."""
    work.register(name, contributor)


def register_digest(name: str, contributor: Contributor[DigestLine]) -> None:
    """Contribute lines to people's daily digest, under the same terms."""
    digest.register(name, contributor)


def items_for(membership: Any) -> list[WorkItem]:
    """Everything that waits for a member, in order of harm, then of date."""
    return work.gather(membership)


def digest_for(membership: Any) -> list[DigestLine]:
    """The lines of a member's digest, the urgent ones first. Empty means that no mail is sent."""
    return digest.gather(membership)
