"""Runs several programs side by side until Ctrl-C, or until one of them dies. Plain Python, no dependency.

Each child stands in a session of its own, so that Ctrl-C reaches only us and we stop them in order, and each asks the
kernel to be ended when we are gone, so that even kill -9 leaves none behind (Linux).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from config.embedded.locations import CLONE
from config.embedded.processes import dies_with_parent, stop

_speaking = threading.Lock()


class ChildFailedError(Exception):
    """A program ended that should not have, or did not become ready; the message names it."""


class AskedToStop(BaseException):  # noqa: N818 - like KeyboardInterrupt: a request, not an error
    """Ctrl-C or SIGTERM."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ends: bool = False  # its end is awaited, and no accident
    echo: threading.Thread | None = None
    first_line: str = ""
    said_first_line: threading.Event = field(default_factory=threading.Event)


@dataclass
class Supervisor:
    """Programs started in order, stopped in the opposite one. Use it inside `stopping_on_signals()`."""

    log_folder: Path
    children: list[Child] = field(default_factory=list)

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """A program to its end, speaking to the terminal; ChildFailedError where it fails."""
        self.finish(self.begin(name, command, environment))

    def begin(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None, *, waits: bool = False
    ) -> Child:
        """The same, without waiting: `finish` does that. One that `waits` does until its standard input ends, with `finish`."""
        process = self._popen(command, environment, None, None, (), subprocess.PIPE if waits else subprocess.DEVNULL)
        child = Child(name, process, self.log_folder / f"{name}.log", ends=True)
        self.children.append(child)
        return child

    def finish(self, child: Child) -> None:
        if child.process.stdin is not None:
            child.process.stdin.close()
        status = child.process.wait()
        self.children.remove(child)
        if status:
            raise ChildFailedError(f"{child.name} failed with status {status}.")

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """A program to keep running. What it says goes to its log, and to the terminal behind its name."""
        self.log_folder.mkdir(parents=True, exist_ok=True)
        process = self._popen(command, environment, subprocess.PIPE, subprocess.STDOUT, pass_fds)
        child = Child(name, process, self.log_folder / f"{name}.log")
        child.echo = threading.Thread(target=_echo, args=(child,), daemon=True)
        child.echo.start()
        self.children.append(child)
        return child

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float) -> None:
        """Ask until `ready`; ChildFailedError where a child dies meanwhile or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.complain_of_the_dead()
            if time.monotonic() > deadline:
                raise ChildFailedError(f"{what} did not happen within {seconds:.0f} seconds; see {self.log_folder}.")
            time.sleep(0.1)

    def watch(self, complain_of_others: Callable[[], None]) -> None:
        """Until a signal (AskedToStop), a child's death, or what the caller complains of (ChildFailedError)."""
        while True:
            self.complain_of_the_dead()
            complain_of_others()
            time.sleep(0.5)

    def complain_of_the_dead(self) -> None:
        for child in (child for child in self.children if not child.ends):
            status = child.process.poll()
            if status is not None:
                how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
                raise ChildFailedError(f"{child.name} {how}; its log is {child.log}.")

    def stop(self) -> None:
        """Last started, first stopped; then whatever a child left in its own session."""
        while self.children:
            child = self.children.pop()
            stop(child.process, signal.SIGTERM, signal.SIGQUIT)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            if child.echo is not None:
                child.echo.join(2)

    def _popen(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None,
        stdout: int | None,
        stderr: int | None,
        pass_fds: Sequence[int],
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            list(command),
            cwd=CLONE,
            env={**os.environ, **(environment or {}), "PYTHONUNBUFFERED": "1"},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=pass_fds,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGQUIT),  # gunicorn and celery end at once on it
        )


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal raise AskedToStop, once; while we are stopping they are ignored."""

    def ask(signum: int, frame: FrameType | None) -> None:
        for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(again, signal.SIG_IGN)
        raise AskedToStop

    before = {signum: signal.signal(signum, ask) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def say(text: str) -> None:
    """A line to the terminal, whole, whoever else speaks; and no matter if the terminal is gone."""
    with _speaking, contextlib.suppress(OSError):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _echo(child: Child) -> None:
    stream: IO[bytes] | None = child.process.stdout
    assert stream is not None
    with child.log.open("wb") as log, stream:
        for line in stream:
            if not child.said_first_line.is_set():
                child.first_line = line.decode(errors="replace").strip()
                child.said_first_line.set()
            log.write(line)
            log.flush()
            say(f"{child.name:>7} | {line.decode(errors='replace').rstrip()}")
