"""Opening a zip that somebody brings: its directory is bounded before anything of it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

#: Parts that the largest Office file has by far; a directory says of each at least 46 bytes and its name.
MOST_PARTS = 10_000
_MOST_DIRECTORY = 2 * 1024 * 1024


class CrowdedArchiveError(ValueError):
    """The archive holds more parts than any file that is taken."""


class _Bounded:
    """A file that hands out no more than the longest directory at once, for as long as it is `closed_in`.

    What the end of an archive says of its directory is its maker's word, and `zipfile` reads as much as it says. So not
    what is said is judged, but what is asked for.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.closed_in = file, True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        if not self.closed_in:
            return self._file.read(size)
        if size > _MOST_DIRECTORY:
            raise CrowdedArchiveError("Its directory is longer than that of any file that is taken.")
        return self._file.read(_MOST_DIRECTORY if size < 0 else size)


@contextmanager
def opened_archive(file: IO[bytes], most_parts: int = MOST_PARTS) -> Iterator[zipfile.ZipFile]:
    """The archive, to be read. Raises CrowdedArchiveError, `zipfile.BadZipFile` and what reading the file raises."""
    bounded = _Bounded(file)
    with zipfile.ZipFile(cast("IO[bytes]", bounded)) as archive:
        bounded.closed_in = False
        if len(archive.filelist) > most_parts:
            raise CrowdedArchiveError(f"It holds more than {most_parts:,} parts.")
        yield archive
