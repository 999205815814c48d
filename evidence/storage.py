"""Where the bytes are: content-addressed, one folder per organisation, written once and never changed.

Parts of uploads that are not handed in yet lie beside, below `uploads/`, and go when they are swept.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Protocol, runtime_checkable
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from compliance.tenancy.rooms import here

_SPOOL = 2 * 1024 * 1024
_CHUNK = 256 * 1024


class DamagedError(Exception):
    """What is stored is no longer what was received."""


@runtime_checkable
class Known(Protocol):
    """Content whose digest and size are known before it is stored, so that it needs no copy to be told by."""

    sha256: str
    size: int

    def __iter__(self) -> Iterator[bytes]: ...

    def opened(self) -> IO[bytes]:
        """The whole of it, seekable."""


@dataclass(frozen=True)
class Held:
    """Content that lies in the room's store already, by its digest and size."""

    sha256: str
    size: int

    def __iter__(self) -> Iterator[bytes]:
        with self.opened() as stored:
            while chunk := stored.read(_CHUNK):
                yield chunk

    def opened(self) -> IO[bytes]:
        return open_stored(self.sha256)


def path_of(sha256: str) -> str:
    """The address of a digest in the room's own folder: no organisation can learn that another holds the same bytes."""
    return f"{here().organization_id}/{sha256[:2]}/{sha256}"


def store(content: bytes | Iterable[bytes]) -> tuple[str, int]:
    """Keep content; returns its SHA-256 and size in bytes. The same content twice is stored once. Memory stays flat.

    Raises DamagedError for content that is not what its digest says.
    """
    if isinstance(content, Known):
        return _store_known(content)
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
        for chunk in [content] if isinstance(content, bytes) else content:
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        spool.seek(0)
        sha256 = digest.hexdigest()
        if not _is_kept(sha256, size):
            _put(path_of(sha256), spool)
    return sha256, size


def _store_known(content: Known) -> tuple[str, int]:
    """Straight to its place, then read back: what is not what it should be is taken away again."""
    if _is_kept(content.sha256, content.size):
        return content.sha256, content.size
    with content.opened() as opened:
        _put(path_of(content.sha256), opened)
    if not is_whole(content.sha256):
        default_storage.delete(path_of(content.sha256))
        raise DamagedError("What was stored in parts is no longer what was received.")
    return content.sha256, content.size


def _put(path: str, content: IO[bytes]) -> None:
    """Under its address a file is whole or not at all: in a folder it is written beside and moved there, so that nobody who
    stores the same bytes meanwhile relies on what a killed process has left half. An object store has no halves."""
    if isinstance(default_storage, FileSystemStorage):
        beside = default_storage.save(f"{path}.{uuid4().hex}", File(content))
        os.replace(default_storage.path(beside), default_storage.path(path))
        return
    kept = default_storage.save(path, File(content))
    if kept != path:  # another stored the same bytes in between
        default_storage.delete(kept)


def _is_kept(sha256: str, size: int) -> bool:
    """Whether a digest is stored in full. What a killed process left half written goes."""
    path = path_of(sha256)
    if not default_storage.exists(path):
        return False
    if default_storage.size(path) == size:
        return True
    default_storage.delete(path)
    return False


def open_stored(sha256: str) -> IO[Any]:
    """The stored bytes as a binary file. Raises FileNotFoundError."""
    opened: IO[Any] = default_storage.open(path_of(sha256), "rb")
    return opened


def open_at(path: str) -> IO[Any]:
    """What is stored at an address that `path_of` gave in the room: for whoever has left it. Raises FileNotFoundError."""
    opened: IO[Any] = default_storage.open(path, "rb")
    return opened


def is_whole(sha256: str) -> bool:
    """Whether what is stored still has the digest that it was stored under."""
    digest = hashlib.sha256()
    try:
        with open_stored(sha256) as stored:
            while chunk := stored.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == sha256


def stray_parts(known: Container[str], before: datetime) -> Iterator[str]:
    """Where parts of the room lie that are not among the known, and were stored before a moment. How old one is, is asked of
    strays alone: an object store answers that one by one. Folders that nothing is left in go."""
    uploads = f"{here().organization_id}/uploads"
    for upload in _within(uploads)[0]:
        folder = f"{uploads}/{upload}"
        names = _within(folder)[1]
        for path in (f"{folder}/{name}" for name in names):
            if path not in known and default_storage.get_modified_time(path) < before:
                yield path
        if not names and default_storage.get_modified_time(folder) < before:
            with suppress(OSError):  # a part arrived in between
                default_storage.delete(folder)


def _within(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files of a folder; nothing where it is not there."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def part_path(upload_id: UUID, number: int, sha256: str) -> str:
    """Where a part of an upload lies until it is handed in or swept."""
    return f"{here().organization_id}/uploads/{upload_id}/{number:05d}-{sha256}"


def store_part(path: str, content: IO[bytes]) -> None:
    """Keep a part; a second time it takes the place of the first."""
    default_storage.delete(path)
    default_storage.save(path, File(content))


def forget_parts(paths: Iterable[str]) -> None:
    """Delete parts. What is gone already is no error."""
    for path in paths:
        default_storage.delete(path)
