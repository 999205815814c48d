"""The files of a pack, in its zip or in the folder that it was unzipped to. Nothing is written, no link is followed."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from typing import Any, Iterator  # noqa: UP035 - of Python 3.8

from .reading import HIDDEN, NotAPack, Unreadable

CHUNK = 1 << 20
#: A file that would grow beyond SMALL bytes and RATIO times what it takes in the zip is a bomb, and is not read.
RATIO, SMALL = 200, 1 << 24


class Pack:
    """Where the files are: `held` by their names below the top folder; `refused` says of each other name why not."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}
        self.refused: list[tuple[str, str]] = []

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, piece after piece. Raises Unreadable."""
        raise NotImplementedError

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file. Raises Unreadable where it is not there, is longer than `most`, or cannot be read."""
        if name not in self.held:
            raise Unreadable("is not there")
        pieces, size = [], 0
        for piece in self.stream(name):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise Unreadable(f"is longer than the {most} bytes that it may have")
        return b"".join(pieces)


def is_unsafe(name: str) -> bool:
    """Whether a name could lead out of the folder that it is unzipped to, or hides what it is."""
    astray = not {"", ".", ".."}.isdisjoint(name.split("/"))
    return astray or len(name) > 1000 or "\\" in name or ":" in name or HIDDEN.search(name) is not None


class ZipPack(Pack):
    """A zip, read in place."""

    def __init__(self, path: str) -> None:
        super().__init__()
        try:
            self.file = open(path, "rb")  # noqa: SIM115 - open for as long as the program runs
            found = zipfile.ZipFile(self.file).infolist()
        except (OSError, ValueError, zipfile.BadZipFile, struct.error, NotImplementedError, EOFError):
            raise NotAPack("it is no zip that can be read: it was cut short, or is something else") from None
        found = [info for info in found if not info.orig_filename.endswith("/")]
        tops = {info.orig_filename[:-10] for info in found if re.fullmatch("[^/]+/bagit[.]txt", info.orig_filename)}
        if len(tops) != 1:
            raise NotAPack("it does not hold one folder with a bagit.txt")
        self.top = tops.pop() + "/"
        self._take(found)

    def _take(self, found: list[zipfile.ZipInfo]) -> None:
        counts: dict[str, int] = {}
        for info in found:
            counts[info.orig_filename.lower()] = counts.get(info.orig_filename.lower(), 0) + 1
        end = 0
        for info in sorted(found, key=lambda info: info.header_offset):
            overlaps = info.header_offset < end
            end = max(end, info.header_offset + 30 + info.compress_size)
            why = self._why_not(info, counts[info.orig_filename.lower()] > 1, overlaps)
            if why:
                self.refused.append((info.orig_filename, why))
            else:
                self.held[info.orig_filename[len(self.top) :]] = info

    def _why_not(self, info: zipfile.ZipInfo, is_double: bool, overlaps: bool) -> str:
        if is_unsafe(info.orig_filename) or not info.orig_filename.startswith(self.top):
            return "a name that leads out of the pack's folder; it was not read"
        if is_double:
            return "this name stands more than once in the zip; none of them was read"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "a link and not a file; it was not followed"
        if info.flag_bits & 1 or info.compress_type not in (0, 8):
            return "packed in a way that no pack is; it was not read"
        if overlaps:
            return "lies over another file of the zip; it was not read"
        if info.file_size > SMALL and info.file_size > RATIO * info.compress_size:
            return f"would grow to more than {RATIO} times its size; it was not read"
        return ""

    def stream(self, name: str) -> Iterator[bytes]:
        info, size = self.held[name], 0
        self.file.seek(info.header_offset)
        head = self.file.read(30)
        if len(head) < 30 or head[:4] != b"PK\x03\x04":
            raise Unreadable("cannot be read to its end")
        beside = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        self.file.seek(info.header_offset + 30 + beside)
        for piece in self._pieces(info):
            size += len(piece)
            if size > info.file_size:
                break
            yield piece
        if size != info.file_size:
            raise Unreadable("cannot be read to its end")

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        left, inflater = info.compress_size, zlib.decompressobj(-15) if info.compress_type else None
        while left > 0:
            raw = self.file.read(min(CHUNK, left))
            left -= len(raw)
            if not raw:
                return
            if inflater is None:
                yield raw
            while inflater is not None and raw:
                try:
                    yield inflater.decompress(raw, CHUNK)
                except zlib.error:
                    return
                raw = inflater.unconsumed_tail
        if inflater is not None and (inflater.unused_data or not inflater.eof):
            raise Unreadable("cannot be read to its end")


class FolderPack(Pack):
    """A pack that was unzipped."""

    def __init__(self, path: str) -> None:
        super().__init__()
        tops = [path] + [os.path.join(path, each) for each in sorted(os.listdir(path))]
        tops = [top for top in tops if os.path.isfile(os.path.join(top, "bagit.txt")) and not os.path.islink(top)]
        if not tops:
            raise NotAPack("there is no bagit.txt in this folder")
        self.top = tops[0]
        for folder, folders, files in os.walk(self.top):
            links = [each for each in folders if os.path.islink(os.path.join(folder, each))]
            for each in sorted(files + links):
                self._take(os.path.join(folder, each))

    def _take(self, full: str) -> None:
        name = os.path.relpath(full, self.top).replace(os.sep, "/")
        if stat.S_ISREG(os.lstat(full).st_mode):
            self.held[name] = full
        else:
            self.refused.append((name, "a link and not a file; it was not followed"))

    def stream(self, name: str) -> Iterator[bytes]:
        try:
            with open(self.held[name], "rb") as file:
                while True:
                    piece = file.read(CHUNK)
                    if not piece:
                        return
                    yield piece
        except OSError:
            raise Unreadable("cannot be read to its end") from None
