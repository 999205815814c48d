"""Writes a bag (RFC 8493) into a zip, file after file: nothing is held but names and digests."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

#: A file of this size or more needs the zip's 64-bit form, which has to be known before its first byte.
_LARGE = 1 << 31
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGS, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.txt"


class Bag:
    """A bag under way. Paths below `data/` are its payload, others are tag files. `close` ends it with its manifests."""

    def __init__(self, file: IO[bytes], top: str, moment: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._top = top
        self._moment = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self._digests: dict[str, str] = {}
        self._payload = [0, 0]

    def holds(self, path: str) -> bool:
        """Whether a path is taken."""
        return path in self._digests

    def add(
        self, path: str, content: bytes | Iterable[bytes], *, pressed: bool = True, size: int = 0
    ) -> tuple[str, int]:
        """Write a file; returns its SHA-256 and size. `size` is what is expected of one that is read piece after piece.

        Raises ValueError where the path is taken.
        """
        if path in self._digests:
            raise ValueError(f"{path} is in the bag already")
        info = zipfile.ZipInfo(f"{self._top}/{path}", self._moment)
        info.compress_type = zipfile.ZIP_DEFLATED if pressed else zipfile.ZIP_STORED
        info.external_attr, info.create_system = 0o100644 << 16, 3
        digest, written = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=size >= _LARGE) as entry:
            for piece in [content] if isinstance(content, bytes) else content:
                digest.update(piece)
                written += len(piece)
                entry.write(piece)
        self._digests[path] = digest.hexdigest()
        if path.startswith("data/"):
            self._payload = [self._payload[0] + written, self._payload[1] + 1]
        return self._digests[path], written

    def close(self, about: dict[str, str], seal: Callable[[str, str], str]) -> None:
        """Write what describes the bag. `seal` gets the SHA-256 of both manifests and returns the signed note over them."""
        self.add("bagit.txt", _DECLARED)
        lines = {**about, "Payload-Oxum": f"{self._payload[0]}.{self._payload[1]}"}
        self.add(
            "bag-info.txt", "".join(f"{name}: {' '.join(said.split())}\n" for name, said in lines.items()).encode()
        )
        payload, _ = self.add(MANIFEST, self._lines(is_payload=True))
        tags, _ = self.add(TAGS, self._lines(is_payload=False))
        self.add(SIGNATURE, seal(payload, tags).encode())
        self._zip.close()

    def _lines(self, *, is_payload: bool) -> list[bytes]:
        listed = sorted(path for path in self._digests if path.startswith("data/") == is_payload)
        return [f"{self._digests[path]}  {path}\n".encode() for path in listed]
