"""The index of a pack for people: one page without script, and one workbook. Both wait on disk while the pack is written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, Any

from compliance.web.workbook import workbook

from .facts import Facts
from .index_page import Page, Row
from .selection import Selection
from .writing import Entry, Head

_CHUNK = 1 << 20
_SPOOL = 1 << 20
_HEAD = (
    "Criterion", "Control", "Also serves", "Evidence", "Version", "Title", "Covers from", "Covers until", "Seen again until", "Received",
    "Provided by", "Came from", "Decided", "In the database", "File", "Bytes", "SHA-256", "Leaf of the log",
)  # fmt: skip
_WIDTHS = (12, 12, 16, 12, 8, 40, 26, 26, 26, 26, 24, 50, 40, 18, 60, 12, 66, 12)


class StoredIndex:
    """Takes a line for each version, in the order of the pack, and makes both files of them."""

    def __init__(self, head: Head, selection: Selection, facts: Facts, log_size: int) -> None:
        self.head, self.selection, self.facts, self.log_size = head, selection, facts, log_size
        self._lines: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - gone with the index

    def add(self, entry: Entry, path: str | None) -> None:
        """Keep what the index says of a version; other leaves stand beside the versions that they speak of."""
        if entry.kind != "version":
            return
        said = _said(entry)
        also = ", ".join(entry.filed.get("also", []))
        row = Row(
            place=entry.shown["place"], leaf=entry.index, path=path or "", title=entry.shown["title"], also=also, said=said,
            decisions=[_decided(each) for each in entry.shown["decisions"]], is_gone=bool(entry.shown["is_gone"]),
            again=entry.shown.get("again", []),
        )  # fmt: skip
        self._lines.write(json.dumps(vars(row), ensure_ascii=False).encode() + b"\n")

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """The page, then the workbook."""
        yield "data/index.html", self._page()
        yield "data/index.xlsx", _pieces(self._book())

    def rows(self) -> Iterator[Row]:
        """Every version, in order."""
        self._lines.seek(0)
        for line in self._lines:
            yield Row(**json.loads(line))

    def _page(self) -> Iterator[bytes]:
        page = Page(self.head, self.selection, self.facts, self.log_size)
        yield page.top().encode()
        by_place = groupby(self.rows(), key=lambda row: row.place)
        waiting = next(by_place, None)
        for place in range(len(self.selection.places) + 1):
            rows: Iterable[Row] = ()
            if waiting is not None and waiting[0] == place:
                rows = waiting[1]
                for piece in page.section(place, rows):
                    yield piece.encode()
                waiting = next(by_place, None)
            else:
                yield from (piece.encode() for piece in page.section(place, ()))
        yield page.bottom().encode()

    def _book(self) -> IO[bytes]:
        note = f"{self.head.title}. Made {self.head.made_at:%Y-%m-%d %H:%M} UTC by {self.head.made_by}."
        note += " A sample company with a simulated clock." if self.head.organization["sample"] else ""
        return workbook(_HEAD, map(self._line, self.rows()), sheet="Evidence", widths=_WIDTHS, note=note)

    def _line(self, row: Row) -> list[Any]:
        place = self.selection.places[row.place] if row.place < self.selection.lost else None
        said = row.said
        return [
            place.criterion if place else "", place.control if place else "", row.also, said.get("artefact"), said.get("number"), row.title,
            said.get("effective_start"), said.get("effective_end"), row.again[1] if row.again else "",
            said.get("received_at"), said.get("provided_by"),
            row.came_from,
            "; ".join(row.decisions), "Deleted" if row.is_gone else "Present", row.path.removeprefix("data/") or "Not in the store",
            said.get("size"), said.get("sha256"), row.leaf,
        ]  # fmt: skip


def _said(entry: Entry) -> dict[str, Any]:
    """What the leaf says, which is what was received; the row only where the leaf cannot be read."""
    try:
        found = json.loads(entry.leaf)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else entry.row or {}


def _decided(made: dict[str, str]) -> str:
    why = f": {made['why']}" if made["why"] else ""
    return f"{made['what']} by {made['by']}, {made['at'][:10]}{why}"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_CHUNK):
            yield piece
