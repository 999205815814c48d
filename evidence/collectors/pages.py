"""Stored bytes back to raw pages; how they come to be stored is in `spool`."""

from __future__ import annotations

import codecs
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, overload

from evidence.storage import open_stored

from .base import Page
from .spool import page_of

MEDIA_TYPE = "application/gzip"
_CHUNK = 256 * 1024


def unpacked(sha256: str) -> list[Page]:
    """The pages stored under a digest, all of them at once."""
    with open_stored(sha256) as stored:
        document: dict[str, Any] = json.loads(gzip.decompress(stored.read()))
    return [page_of(page) for page in document["pages"]]


def streamed(sha256: str) -> Iterator[Page]:
    """The pages stored under a digest, one after the other: of a population of a year no more than one is in memory.

    Raises ValueError for what was not written by `spool.packed`.
    """
    with open_stored(sha256) as stored, gzip.open(stored, "rb") as opened:
        text = _Text(opened)
        text.enter_list("pages")
        while not text.begins_with("]"):
            yield page_of(text.value())


class Stored(Sequence[Page]):
    """The pages of several stored files in their order, read anew by whoever goes through them."""

    def __init__(self, digests: Sequence[str]) -> None:
        self._digests = digests

    def __iter__(self) -> Iterator[Page]:
        for digest in self._digests:
            yield from streamed(digest)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, at: int) -> Page: ...
    @overload
    def __getitem__(self, at: slice) -> list[Page]: ...
    def __getitem__(self, at: int | slice) -> Page | list[Page]:
        if isinstance(at, int) and at >= 0:
            try:
                return next(islice(self, at, None))
            except StopIteration:
                raise IndexError(at) from None
        return list(self)[at]


class _Text:
    """JSON text as it comes out of a file: as much is held as one value needs."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder()
        self._held, self._at = "", 0

    def _more(self, size: int = 0) -> None:
        piece = self._opened.read(max(size, _CHUNK))
        if not piece:
            raise ValueError("the stored pages break off")
        self._held, self._at = self._held[self._at :] + self._decoder.decode(piece), 0

    def enter_list(self, name: str) -> None:
        """Go to the first value of a list by its name."""
        mark = re.compile(rf'"{name}":\s*\[')
        while not (found := mark.search(self._held)):
            self._more()
        self._at = found.end()

    def begins_with(self, mark: str) -> bool:
        """Whether a character comes next, past what stands between two values."""
        while True:
            while self._at >= len(self._held):
                self._more()
            if self._held[self._at] not in ", \n\t":
                return self._held[self._at] == mark
            self._at += 1

    def value(self) -> Any:
        """The next value. Where what is held breaks off within it, as much again is read before it is tried again."""
        while True:
            try:
                found, self._at = self._json.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                self._more(len(self._held) - self._at)
                continue
            return found
