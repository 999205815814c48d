"""Where the bytes are: content-addressed, one folder per organisation, written once and never changed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage

from compliance.tenancy.rooms import here

_SPOOL = 2 * 1024 * 1024
_CHUNK = 256 * 1024


def path_of(sha256: str) -> str:
    """The address of a digest in the room's own folder: no organisation can learn that another holds the same bytes."""
    return f"{here().organization_id}/{sha256[:2]}/{sha256}"


def store(content: bytes | Iterable[bytes]) -> tuple[str, int]:
    """Keep content; returns its SHA-256 and size in bytes. The same content twice is stored once. Memory stays flat."""
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
        for chunk in [content] if isinstance(content, bytes) else content:
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        spool.seek(0)
        sha256 = digest.hexdigest()
        if not default_storage.exists(path_of(sha256)):
            default_storage.save(path_of(sha256), File(spool))
    return sha256, size


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
