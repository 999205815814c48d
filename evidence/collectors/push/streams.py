"""Rows out of bytes that anybody may have sent: one after another, within limits that hold before a row is read.

Pure. JSON Lines, or a JSON array; what a stream is its first sign says. Nothing is held but the row at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 100_000
#: Of one row as it is sent. A finding of a scanner brings its resource's whole description with it.
LONGEST_ROW = 512 * 1024
_PIECE = 64 * 1024
#: The next sign that is neither white space nor a byte order mark.
_NEXT = re.compile(r"[^ \t\r\n\ufeff]")


class Source(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class RowError(Exception):
    """A row that cannot be taken: its index from 0, the JSON pointer of what is wrong in it, and why."""

    def __init__(self, index: int, path: str, message: str) -> None:
        super().__init__(message)
        self.index, self.path, self.message = index, path, message


def sent_rows(source: Source) -> Iterator[tuple[int, Any]]:
    """Each row with its index. Raises RowError where the stream cannot be read on."""
    window = _Window(source)
    if window.first() == "[":
        yield from _array(window)
    else:
        yield from _lines(window)


class _Window:
    """The part of a stream that is looked at: decoded, read from `at` on, refilled behind."""

    def __init__(self, source: Source) -> None:
        self.source, self.text, self.at, self.ended, self.taken = source, "", 0, False, 0
        self._decode = json.JSONDecoder(parse_constant=_no_constant).raw_decode
        self._rest = b""

    def fill(self) -> bool:
        """Read on. False where nothing more comes."""
        if self.ended:
            return False
        piece = self.source.read(_PIECE)
        self.taken += len(piece)
        if self.taken > MOST_BYTES:
            raise RowError(0, "", f"More than {MOST_BYTES // 1024 // 1024} MB were sent. Push in smaller lists.")
        self.ended = not piece
        self.text = self.text[self.at :] + self._decoded(self._rest + piece)
        self.at = 0
        return not self.ended

    def _decoded(self, content: bytes) -> str:
        """As much of it as is whole characters; a broken one at the end waits for the next piece."""
        self._rest = b""
        try:
            return content.decode()
        except UnicodeDecodeError as fault:
            if not self.ended and fault.end == len(content) and len(content) - fault.start < 4:
                self._rest = content[fault.start :]
                return content[: fault.start].decode()
            raise RowError(0, "", "What was sent is not UTF-8.") from None

    def first(self) -> str:
        """The first sign that is no space, not yet taken; empty where nothing is left."""
        while True:
            found = _NEXT.search(self.text, self.at)
            if found:
                self.at = found.start()
                return found[0]
            self.at = len(self.text)
            if not self.fill():
                return ""

    def take(self) -> None:
        """Pass over one sign."""
        self.at += 1

    def value(self, index: int) -> Any:
        """The next JSON value."""
        while True:
            try:
                value, end = self._decode(self.text, self.at)
            except RecursionError:
                raise RowError(index, "", "It is nested more deeply than any row.") from None
            except ValueError as fault:
                if len(self.text) - self.at > LONGEST_ROW:
                    raise RowError(index, "", f"It is no JSON, or longer than {LONGEST_ROW // 1024} KB.") from None
                if not self.fill():
                    raise RowError(index, "", f"It is no JSON: {fault}"[:300]) from None
                continue
            if end - self.at > LONGEST_ROW:
                raise RowError(index, "", f"It is longer than {LONGEST_ROW // 1024} KB.")
            self.at = end
            return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _array(window: _Window) -> Iterator[tuple[int, Any]]:
    window.take()
    index = 0
    if window.first() == "]":
        window.take()
    else:
        while True:
            yield index, _row(window, index)
            index += 1
            sign = window.first()
            window.take()
            if sign == "]":
                break
            if sign != ",":
                raise RowError(index, "", "The list breaks off: a comma or the closing bracket is missing.")
    if window.first():
        raise RowError(index, "", "Something follows the end of the list.")


def _lines(window: _Window) -> Iterator[tuple[int, Any]]:
    index = 0
    while window.first():
        yield index, _row(window, index)
        index += 1


def _row(window: _Window, index: int) -> Any:
    if index >= MOST_ROWS:
        raise RowError(index, "", f"More than {MOST_ROWS:,} rows were sent. Push in smaller lists.")
    if window.first() != "{":
        raise RowError(index, "", "It is not a JSON object.")
    return window.value(index)
