"""The kinds of population that a requirement may ask for, told from above: populations know them, requirements name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from compliance.tenancy.contributors import Contributors

#: Each yields (key, title).
contributors: Contributors[Callable[[], Iterable[tuple[str, str]]]] = Contributors()


def list_kinds() -> list[tuple[str, str]]:
    """(key, title) of every kind of population, by title."""
    return sorted((each for contributor in contributors for each in contributor()), key=lambda each: each[1].lower())


def is_list_kind(key: str) -> bool:
    """Whether there is a kind of population of this key."""
    return any(key == each for each, _ in list_kinds())
