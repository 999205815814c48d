"""One item of a population, and a list of them as it is frozen: JSON Lines, sorted, each item once. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import IO, Any

from evidence.checks.base import Reason, unknown

#: Every so many lines their place in the file is noted, so that a page is read without what stands before it.
STRIDE = 100


@dataclass(frozen=True)
class Item:
    """One item: the system it comes from, its id there, and its cells. Its version is what it says.

    A cell is text, a number, true or false, None where the source says that there is nothing, or unknown with a reason
    (`checks.base.unknown`) where it could not be read. Unknown is never empty, and empty is never a pass.
    """

    source: str
    id: str
    cells: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """The same for the same cells, in whatever order they were read."""
        return hashlib.sha256(_canonical(dict(self.cells))).hexdigest()[:16]

    @property
    def identity(self) -> tuple[str, str]:
        return self.source, self.id

    @property
    def key(self) -> tuple[str, str, str]:
        """What an item is sorted by, and known by once: source, id, version."""
        return self.source, self.id, self.version

    def line(self) -> bytes:
        """The item as a line of the frozen file."""
        told = {"source": self.source, "id": self.id, "version": self.version, "cells": dict(self.cells)}
        return _canonical(told) + b"\n"


@dataclass(frozen=True)
class Difference:
    """What became of one item between two versions: added, removed or changed, with its cells before and after."""

    kind: str
    source: str
    id: str
    before: tuple[Mapping[str, Any], ...] = ()
    after: tuple[Mapping[str, Any], ...] = ()

    @property
    def cells(self) -> list[tuple[str, Any, Any]]:
        """The cells that differ, of an item that stood once before and stands once after."""
        if len(self.before) != 1 or len(self.after) != 1:
            return []
        old, new = self.before[0], self.after[0]
        return [(name, old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def distinct(items: Iterable[Item]) -> tuple[list[Item], int]:
    """The items sorted, each (source, id, version) once, and how many repetitions were left out."""
    found: dict[tuple[str, str, str], Item] = {}
    told = 0
    for item in items:
        told += 1
        found.setdefault(item.key, item)
    return [found[key] for key in sorted(found)], told - len(found)


def repeated(items: Sequence[Item]) -> list[tuple[str, str]]:
    """Identities under which more than one item stands: the same id, told twice with different cells."""
    return [who for who, same in groupby(items, key=lambda item: item.identity) if len(list(same)) > 1]


def written(items: Iterable[Item], places: list[int]) -> Iterator[bytes]:
    """The lines of a frozen file; `places` learns where every hundredth of them begins."""
    at = 0
    for number, item in enumerate(items):
        if number % STRIDE == 0:
            places.append(at)
        line = item.line()
        at += len(line)
        yield line


def read_items(stored: IO[bytes], places: Sequence[int], start: int = 0, count: int | None = None) -> Iterator[Item]:
    """Items of a frozen file from number `start` (0 is the first), at most `count`."""
    stride = start // STRIDE
    if stride >= len(places):
        return
    stored.seek(places[stride])
    for _ in range(start - stride * STRIDE):
        if not stored.readline():
            return
    left = count
    while left is None or left > 0:
        line = stored.readline()
        if not line:
            return
        yield item_of(line)
        left = None if left is None else left - 1


def item_of(line: bytes) -> Item:
    told = json.loads(line)
    return Item(told["source"], told["id"], told["cells"])


def differences(before: Iterable[Item], after: Iterable[Item]) -> Iterator[Difference]:
    """What was added, removed and changed between two sorted lists, in their order. Memory stays flat."""
    old, new = _grouped(before), _grouped(after)
    was, now = next(old, None), next(new, None)
    while was is not None or now is not None:
        if now is None or (was is not None and was[0] < now[0]):
            assert was is not None
            yield Difference("removed", *was[0], before=_cells(was[1]))
            was = next(old, None)
        elif was is None or now[0] < was[0]:
            yield Difference("added", *now[0], after=_cells(now[1]))
            now = next(new, None)
        else:
            if [item.version for item in was[1]] != [item.version for item in now[1]]:
                yield Difference("changed", *now[0], before=_cells(was[1]), after=_cells(now[1]))
            was, now = next(old, None), next(new, None)


def _grouped(items: Iterable[Item]) -> Iterator[tuple[tuple[str, str], list[Item]]]:
    for who, same in groupby(items, key=lambda item: item.identity):
        yield who, list(same)


def _cells(items: list[Item]) -> tuple[Mapping[str, Any], ...]:
    return tuple(item.cells for item in items)


def is_unknown(cell: Any) -> bool:
    """Whether a cell could not be read."""
    return isinstance(cell, Mapping) and "$unknown" in cell


def unsaid() -> dict[str, str]:
    """A cell of which the source says nothing at all, though the template asks for it."""
    return unknown(Reason.NOT_COLLECTED)


def cell_text(cell: Any) -> str:
    """A cell as a file shows it: what could not be read says so."""
    if is_unknown(cell):
        return f"unknown: {str(cell['$unknown']).replace('_', ' ')}"
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return ", ".join(cell_text(each) for each in cell)
    return str(cell)


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "backslashreplace")
