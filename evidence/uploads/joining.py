"""Parts read as the one file that they are. Knows no database, so that a file can be checked outside of any transaction."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.storage import default_storage

from .. import media, scanning
from ..media import NotAcceptedError
from ..reading.readers import Reading, read

_CHUNK = 256 * 1024


class Joined(io.RawIOBase):
    """Parts, one after another, as a seekable file. One of them is open at a time."""

    def __init__(self, parts: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self._parts, self._at = list(parts), 0
        self._size = sum(size for _, size in parts)
        self._open: tuple[int, IO[Any]] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        place, start = 0, 0
        while place < len(self._parts) and self._at >= start + self._parts[place][1]:
            start += self._parts[place][1]
            place += 1
        if place == len(self._parts):
            return 0
        part = self._part(place)
        part.seek(self._at - start)
        piece = part.read(min(len(buffer), start + self._parts[place][1] - self._at))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _part(self, place: int) -> IO[Any]:
        if self._open is not None and self._open[0] == place:
            return self._open[1]
        self._shut()
        self._open = (place, default_storage.open(self._parts[place][0], "rb"))
        return self._open[1]

    def _shut(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def close(self) -> None:
        self._shut()
        super().close()


@dataclass(frozen=True)
class Whole:
    """A file in parts, of known digest and size: what `storage.store` takes without a copy."""

    parts: tuple[tuple[str, int], ...]
    sha256: str
    size: int

    def opened(self) -> IO[bytes]:
        return opened(self.parts)

    def __iter__(self) -> Iterator[bytes]:
        with self.opened() as file:
            yield from iter(lambda: file.read(_CHUNK), b"")


@dataclass(frozen=True)
class Checked:
    """What a file turned out to be; or why it is refused."""

    sha256: str = ""
    media_type: str = ""
    scan: str = ""
    reading: Reading | None = None
    refusal: str = ""


def opened(parts: Sequence[tuple[str, int]]) -> IO[bytes]:
    """The file that some parts are."""
    return io.BufferedReader(Joined(parts), _CHUNK)


def check(parts: Sequence[tuple[str, int]], filename: str) -> Checked:
    """Digest, kind by content, the scanner's word, and what is inside. Touches no row; memory stays flat."""
    try:
        with opened(parts) as file:
            digest = hashlib.sha256()
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                digest.update(chunk)
            kind = media.media_of(file, filename)
            file.seek(0)
            verdict = scanning.scan(iter(lambda: file.read(_CHUNK), b""))
            return Checked(digest.hexdigest(), kind.type, verdict, read(file, kind.type))
    except NotAcceptedError as error:
        return Checked(refusal=str(error))
    except FileNotFoundError:
        return Checked(refusal="A part of it is gone from the store. Bring it again.")
