"""Asking Poppler about a PDF. Each program is a process of its own: no shell, limits on time, memory and what it writes."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

#: Seconds, bytes of memory and bytes of output that one program may take.
PATIENCE, _MEMORY, _MOST_OUTPUT = 20, 768 * 1024 * 1024, 8 * 1024 * 1024
#: A larger PDF is not handed to it.
MOST_BYTES = 100 * 1024 * 1024
_MOST_COMPLAINT = 64 * 1024
PATH = "/usr/local/bin:/usr/bin:/bin"
_CHUNK = 256 * 1024


class PopplerError(Exception):
    """It could not be asked, or could not answer. The message says why, for the page."""


class LockedError(PopplerError):
    """The PDF asks for a password."""


def information(path: Path) -> dict[str, str]:
    """What `pdfinfo` says: title, dates, pages, producer."""
    said = _asked("pdfinfo", ["-isodates", str(path)]).decode("utf-8", "replace")
    pairs = (line.partition(":") for line in said.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def text(path: Path, *, pages: int) -> str:
    """The text of the first pages."""
    return _asked("pdftotext", ["-enc", "UTF-8", "-l", str(pages), str(path), "-"]).decode("utf-8", "replace")


def picture(path: Path, *, page: int, longest: int) -> bytes:
    """One page as PNG, its longer side so many pixels."""
    return _asked("pdftoppm", ["-png", "-f", str(page), "-l", str(page), "-scale-to", str(longest), str(path)])


class OnDisk:
    """A stored file as a path that Poppler can open, for as long as it is looked at."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def __enter__(self) -> Path:
        self._file: IO[bytes] = tempfile.NamedTemporaryFile(suffix=".pdf")  # noqa: SIM115 - closed on leaving
        size = 0
        for chunk in self._chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                self._file.close()
                raise PopplerError(f"The PDF is larger than {MOST_BYTES // 1024 // 1024} MB, too large to be looked into.")
            self._file.write(chunk)
        self._file.flush()
        return Path(self._file.name)

    def __exit__(self, *error: object) -> None:
        self._file.close()


def chunks_of(file: IO[bytes]) -> Iterable[bytes]:
    """A file from its start, piece by piece."""
    file.seek(0)
    return iter(lambda: file.read(_CHUNK), b"")


def _limited() -> None:
    """In the child, before the program starts."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_OUTPUT, _MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _asked(program: str, arguments: list[str]) -> bytes:
    """What a program wrote. To a file and not a pipe, so that the limit on what it writes holds: for its complaints too, since
    a broken PDF can make it complain without end."""
    with tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as complained:
        try:
            done = subprocess.run(
                [program, *arguments], stdin=subprocess.DEVNULL, stdout=written, stderr=complained,
                timeout=PATIENCE, check=False, env={"PATH": PATH, "LC_ALL": "C.UTF-8"},
                preexec_fn=_limited,  # noqa: PLW1509 - the processes that serve have one thread
            )  # fmt: skip
        except FileNotFoundError:
            raise PopplerError("Poppler is not installed on this server (poppler-utils), so a PDF cannot be looked into.") from None
        except subprocess.TimeoutExpired:
            raise PopplerError(f"Looking into the PDF took longer than {PATIENCE} seconds and was given up.") from None
        complained.seek(0)
        if b"Incorrect password" in complained.read(_MOST_COMPLAINT):
            raise LockedError("The PDF is locked with a password.")
        if done.returncode != 0:
            raise PopplerError("The PDF is damaged, or asks for more than one file may take.")
        written.seek(0)
        return written.read(_MOST_OUTPUT)
