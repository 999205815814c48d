"""Controls as timing sees them, told by the floor above that knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from compliance.tenancy.contributors import Contributors

from .models import Programme
from .timing import Operation

Source = Callable[[Programme], Iterable[Operation]]
_sources: Contributors[Source] = Contributors()


def register(name: str, source: Source) -> None:
    """Give operations to timing."""
    _sources.register(name, source)


def operations_of(programme: Programme) -> list[Operation] | None:
    """Every control in scope, by reference; None where none is known: then nothing may be taken as operating."""
    found = [each for source in _sources for each in source(programme)]
    return sorted(found, key=lambda each: each.ref) or None
