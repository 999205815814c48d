"""Rows as lines of CSV that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

#: What a spreadsheet takes the beginning of a formula for (OWASP, CSV injection).
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """What csv writes into: hands each line on instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def inert(value: Any) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(ACTIVE) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Line after line, with the mark that makes Excel read UTF-8. Nothing is kept, so any length can be streamed."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([inert(cell) for cell in row]))


def moment(at: datetime | None) -> str:
    """A moment in UTC as a cell shows it; empty where there is none."""
    return at.strftime("%Y-%m-%d %H:%M") if at else ""
