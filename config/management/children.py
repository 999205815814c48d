"""Running one program to its end, in front of the terminal."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType

from config.embedded.locations import CLONE
from config.embedded.processes import dies_with_parent


def manage(*arguments: str) -> list[str]:
    """The command line of a Django command."""
    return [sys.executable, "manage.py", *arguments]


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Its exit status. Ctrl-C reaches it from the terminal, SIGTERM from us; we wait for its end either way."""
    process = subprocess.Popen(
        list(command),
        cwd=CLONE,
        env={**os.environ, **(environment or {})},
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    with _passing_signals_on(process):
        return process.wait()


@contextlib.contextmanager
def _passing_signals_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(signum: int, frame: FrameType | None) -> None:
        if signum == signal.SIGTERM and process.poll() is None:
            process.terminate()

    before = {signum: signal.signal(signum, pass_on) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
