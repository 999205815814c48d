"""What a document is made of where registers fill it in: a sentence, or a table. The same parts become page, PDF and DOCX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows under a caption. A table without rows is not shown: what is missing is said as a lack instead."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """As text, one line a row: how two versions are compared."""
        return [f"{self.caption}: {' | '.join(self.head)}", *(" | ".join(row) for row in self.rows)]

    def kept(self) -> dict[str, Any]:
        """As JSON, for a version that keeps it."""
        return {"caption": self.caption, "head": list(self.head), "rows": [list(row) for row in self.rows]}


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of words: None and nothing are set as a dash."""
    return Table(caption, tuple(head), tuple(tuple(_word(cell) for cell in row) for row in rows))


def table_of(kept: dict[str, Any]) -> Table:
    """A table from what a version kept."""
    return Table(kept["caption"], tuple(kept["head"]), tuple(tuple(row) for row in kept["rows"]))


def _word(cell: object) -> str:
    return "–" if cell is None or cell == "" else " ".join(str(cell).split())
