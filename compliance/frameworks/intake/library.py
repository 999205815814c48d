"""What a file of frameworks holds, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MOST_REQUIREMENTS = 20_000
MOST_RELATIONS = 50_000


@dataclass(frozen=True)
class Fault:
    """Why a file cannot be loaded: `where` is a line, a node or a key, in the file's own terms."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True)
class Point:
    """Guidance under a requirement."""

    ref: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One requirement as read; `parent` is the ref of the entry above it, `external_id` what the publisher calls it."""

    ref: str
    title: str
    text: str
    parent: str | None
    assessable: bool
    level: str = ""
    category: str = ""
    series: str = ""
    theme: str = ""
    external_id: str = ""
    frequency: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Edition:
    """One framework in one version, as read."""

    key: str
    title: str
    short_title: str
    version: str
    publisher: str
    licence_note: str
    external_id: str
    entries: tuple[Entry, ...]
    complete: bool = True

    @property
    def assessable(self) -> int:
        """How many of its requirements are concluded upon."""
        return sum(entry.assessable for entry in self.entries)


@dataclass(frozen=True)
class Pair:
    """One relation between two requirements, each named as the file names it."""

    source: str
    target: str
    relation: str
    reason: str = ""


@dataclass(frozen=True)
class PairSet:
    """Relations between two frameworks, each named as the file names it. `source_name` is who says so."""

    name: str
    source_framework: str
    target_framework: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class SuggestedControl:
    """A control that a library suggests; nobody has adopted it."""

    external_id: str
    ref: str
    title: str
    text: str
    category: str = ""


@dataclass(frozen=True)
class Choice:
    """One import of a profile: which catalogue, and which of its controls. `ids` None stands for all of them."""

    href: str
    names: tuple[str, ...]
    ids: frozenset[str] | None
    patterns: tuple[str, ...] = ()
    with_children: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    without_patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """A selection out of catalogues, which have to be there for it to mean anything."""

    title: str
    version: str
    external_id: str
    publisher: str
    choices: tuple[Choice, ...]


@dataclass
class Library:
    """A file as read. It can be loaded where `faults` is empty and it holds something."""

    format: str = ""
    title: str = ""
    editions: list[Edition] = field(default_factory=list)
    pair_sets: list[PairSet] = field(default_factory=list)
    suggested: list[SuggestedControl] = field(default_factory=list)
    profile: Profile | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, where: str, what: str) -> None:
        """Add a fault."""
        self.faults.append(Fault(where, what))


@dataclass(frozen=True)
class Options:
    """What a person says beside the file. Empty means: as the file says, or as it is usually read.

    `columns` names the column of a sheet for each field. `guidance_depth` is the depth from which rows are guidance
    under the row above and not requirements; 0 means none, None means as the edition is known.
    """

    title: str = ""
    key: str = ""
    version: str = ""
    publisher: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    guidance_depth: int | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Options:
        """From what was stored of them; names that are not known are left out."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if stored.get(name) not in (None, "")}
        return replace(cls(), **known)
