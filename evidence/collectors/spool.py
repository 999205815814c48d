"""Pages on their way to the store: gathered beside memory, pressed to the bytes that are hashed and kept.

The bytes are made the same way every time. No database here: a vendor can be collected without one.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, overload

from .base import FactKind, Page

_SPOOL = 1024 * 1024
#: What zlib is told for a gzip frame whose header holds no time.
_GZIP = 31


class Spool(Sequence[Page]):
    """Pages as they come in, beyond a mebibyte in a temporary file: memory does not grow with the account.

    Read back, a page is what it will be once it is stored. Closed by leaving it as a context.
    """

    def __init__(self) -> None:
        self._lines = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed by `close`
        self._ends: list[int] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the pages."""
        self._lines.close()

    def append(self, page: Page) -> None:
        """Keep one page."""
        line = _canonical(_told(page))
        start = self._ends[-1] if self._ends else 0
        self._lines.seek(start)
        self._lines.write(line)
        self._ends.append(start + len(line))

    def lines(self) -> Iterator[bytes]:
        """The canonical JSON of each page."""
        for number in range(len(self._ends)):
            yield self._line(number)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[Page]:
        for line in self.lines():
            yield page_of(json.loads(line))

    @overload
    def __getitem__(self, at: int) -> Page: ...
    @overload
    def __getitem__(self, at: slice) -> list[Page]: ...
    def __getitem__(self, at: int | slice) -> Page | list[Page]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        return page_of(json.loads(self._line(range(len(self))[at])))

    def _line(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        self._lines.seek(start)
        return self._lines.read(self._ends[number] - start)


def packed(kind: FactKind, pages: Spool) -> Iterator[bytes]:
    """The pages of one collection as gzipped canonical JSON, chunk by chunk."""
    press = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    for piece in _document(kind, pages):
        yield press.compress(piece)
    yield press.flush()


def pressed(page: Page) -> bytes:
    """One page as it lies in hand: the canonical JSON that it will be in the version, pressed."""
    return zlib.compress(_canonical(_told(page)), 6)


def unpressed(body: bytes) -> Page:
    """The page that was pressed."""
    return page_of(json.loads(zlib.decompress(body)))


def _document(kind: FactKind, pages: Spool) -> Iterator[bytes]:
    """{"collector_version": …, "fact_kind": …, "pages": […]}, keys in order, written as json.dumps would in one piece."""
    head = _canonical({"collector_version": kind.version, "fact_kind": kind.id, "pages": []})
    yield head[:-2]
    for number, line in enumerate(pages.lines()):
        yield b"," + line if number else line
    yield head[-2:]


def _told(page: Page) -> dict[str, Any]:
    return {"call": page.call, "parameters": dict(page.parameters), "body": page.body}


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def page_of(told: dict[str, Any]) -> Page:
    return Page(told["call"], told["parameters"], told["body"])
