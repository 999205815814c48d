"""What floors above contribute to the ground, by name: each registers its own, and never hears of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

Contribution = TypeVar("Contribution", bound=Callable[..., Any])


class Contributors(Generic[Contribution]):
    """Contributors of one kind, in the order of their names: who registered first makes no difference."""

    def __init__(self) -> None:
        self._by_name: dict[str, Contribution] = {}

    def register(self, name: str, contributor: Contribution) -> None:
        """Add a contributor. The same one may register again; another one under a name in use is a ValueError."""
        present = self._by_name.setdefault(name, contributor)
        if present is not contributor:
            raise ValueError(f"{name} is registered already, by {present.__module__}")

    def names(self) -> list[str]:
        """Who contributes, in the order of the alphabet."""
        return sorted(self._by_name)

    def __iter__(self) -> Iterator[Contribution]:
        return (self._by_name[name] for name in self.names())
