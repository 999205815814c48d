"""Controls as timing sees them, told by the floor above that knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .models import Programme
from .timing import Operation

Source = Callable[[Programme], Iterable[Operation]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Give operations to timing. The same one may register again; another under a name in use is an error."""
    present = _sources.setdefault(name, source)
    if present is not source:
        raise ValueError(f"{name} is registered already, by {present.__module__}")


def operations_of(programme: Programme) -> list[Operation] | None:
    """Every control in scope, by reference; None where none is known: then nothing may be taken as operating."""
    found = [each for name in sorted(_sources) for each in _sources[name](programme)]
    return sorted(found, key=lambda each: each.ref) or None
