"""Reading CSV that somebody brings, a row at a time, none of which may be longer than a row of a table can be."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

#: Characters of one row, over all its lines.
LONGEST_ROW = 1024 * 1024


class BadRowError(ValueError):
    """What follows `line` cannot be read as a row; the message says why, without a full stop."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(fault)
        self.line = line


class _Bounded:
    """Lines, of which none is read on beyond the longest row. A cell in quotes goes on over lines, and one row of such
    cells could go on for the whole file: so what one row has taken so far is counted."""

    def __init__(self, lines: TextIO) -> None:
        self._lines, self.of_row = lines, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline(LONGEST_ROW + 1)
        self.of_row += len(line)
        if self.of_row > LONGEST_ROW:
            raise csv.Error("it goes on for longer than any row of a table")
        if not line:
            raise StopIteration
        return line


def csv_rows(lines: TextIO, **dialect: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line that it ends on. `dialect` is that of `csv.reader`. Raises BadRowError."""
    bounded = _Bounded(lines)
    rows = csv.reader(bounded, **dialect)
    try:
        for cells in rows:
            bounded.of_row = 0
            yield rows.line_num, cells
    except csv.Error as fault:
        raise BadRowError(rows.line_num, str(fault)) from None
