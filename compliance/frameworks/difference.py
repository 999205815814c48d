"""What differs between two versions of a framework: by ref, in the order of the newer one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One requirement as it is compared: whitespace does not count as a change of text."""

    ref: str
    title: str
    text: str
    parent: str
    assessable: bool


@dataclass
class Difference:
    """Refs that were added, withdrawn, reworded, moved below another row, or are assessed now and were not (or reverse)."""

    added: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    changed: list[dict[str, str]] = field(default_factory=list)
    moved: list[dict[str, str]] = field(default_factory=list)
    assessed_otherwise: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.withdrawn or self.changed or self.moved or self.assessed_otherwise)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return dict(self.__dict__)


def difference(before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """Compare two versions."""
    old = {line.ref: line for line in before}
    new = {line.ref: line for line in after}
    found = Difference(added=[ref for ref in new if ref not in old], withdrawn=[ref for ref in old if ref not in new])
    for ref, line in new.items():
        if ref in old:
            _compare(old[ref], line, found)
    return found


def _compare(old: Line, new: Line, found: Difference) -> None:
    same = True
    if (_plain(old.title), _plain(old.text)) != (_plain(new.title), _plain(new.text)):
        title = {"title_before": old.title} if _plain(old.title) != _plain(new.title) else {}
        found.changed.append({"ref": new.ref, "before": old.text, "after": new.text, **title})
        same = False
    if old.parent != new.parent:
        found.moved.append({"ref": new.ref, "before": old.parent, "after": new.parent})
        same = False
    if old.assessable != new.assessable:
        found.assessed_otherwise.append(new.ref)
        same = False
    found.unchanged += same


def _plain(text: str) -> str:
    return " ".join(text.split())
