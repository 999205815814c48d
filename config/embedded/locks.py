"""File locks: the kernel lets go of them when a process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from config.embedded.locations import EmbeddedError


class Lock:
    """One file's lock, held by this process (and the children it forks) until `release`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def try_exclusive(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def wait_exclusive(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def within(self, seconds: float, otherwise: str, *, shared: bool = False) -> None:
        """Take the lock in that time or raise EmbeddedError with the message `otherwise`."""
        deadline = time.monotonic() + seconds
        while not self._try(fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedError(otherwise)
            time.sleep(0.05)

    def write(self, text: str) -> None:
        """Leave a word in the file for whoever finds it locked."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        return os.pread(self._descriptor, 4096, 0).decode(errors="replace")

    def release(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
