"""Where rows come from: a source for each way to draw a population. Rooms above and beside register their own.

A source is asked for a period and answers with what it built: the rows, what it left out and why, the query, how far it
reaches, and the total that it says there is. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .given import Excluded
from .items import Item
from .reconciling import Unequal
from .spans import Period, Reach


@dataclass(frozen=True)
class Ask:
    """What is asked of a source. `connection` is the slug of the one to read, empty for all that fit."""

    period: Period
    connection: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """What a source built.

    `query` says what was asked of which system, in the system's own words; `parameters` all that the rows depend on.
    `total` is what the source itself counts, by `basis`, None where it gives none; `counted` is what of ours it is to be
    compared with. `reach` says from when to when the rows are complete; `collected` whether a machine drew them.
    """

    items: Iterable[Item]
    query: str
    system: str
    extractor: str
    drawn_at: datetime
    reach: Reach
    parameters: Mapping[str, Any] = field(default_factory=dict)
    excluded: Sequence[Excluded] = ()
    counted: int | None = None
    total: int | None = None
    basis: str = ""
    unequal: Sequence[Unequal] = ()
    collected: bool = True
    covers: bool | None = None


class Source(Protocol):
    """A way to draw the rows of a template."""

    @property
    def key(self) -> str:
        """Its name for good: `github.merged_changes`, `room.incidents`."""

    @property
    def title(self) -> str:
        """What a person chooses it by."""

    @property
    def template(self) -> str:
        """The key of the template whose attributes its rows have."""

    @property
    def vendors(self) -> tuple[str, ...]:
        """The vendors whose connections it reads; none where it reads a room of ours."""

    def build(self, ask: Ask) -> Built:
        """Draw the rows of a period, in the room. Raises SourceUnreadable where nothing can be said."""


class SourceUnreadable(Exception):
    """The source cannot be drawn from at all; the message says why and what to do."""


#: For what a person brings as a file.
UPLOAD = "upload"

_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same key again replaces it."""
    _sources[source.key] = source


def source_of(key: str) -> Source | None:
    """The source with this key; None for an upload, or one whose room is gone."""
    return _sources.get(key)


def sources() -> list[Source]:
    """Every source, by key."""
    return [_sources[key] for key in sorted(_sources)]


def sources_of(template: str) -> list[Source]:
    """The sources that draw a template."""
    return [source for source in sources() if source.template == template]
