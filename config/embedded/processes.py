"""Starting and stopping a child so that nothing is left behind, whatever ends us."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(signum: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that has the kernel send `signum` to the child when we are gone, by kill -9 too (Linux only).

    Start such a child from the main thread: the kernel watches the thread, not the process.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is None:
            return
        signal.signal(signum, signal.SIG_DFL)  # a shell that puts us in the background has us ignore some, and they inherit it
        _libc.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_kernel


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float = 10.0) -> None:
    """Ask by each signal in turn, waiting `patience` seconds after each; at last by SIGKILL."""
    for signum in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(signum)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def listens(path: Path) -> bool:
    """Does anybody answer at this unix socket?"""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        return connection.connect_ex(str(path)) == 0


def process_name(pid: int) -> str:
    """The name of the program that runs under this number; empty where none does."""
    if sys.platform == "linux":  # where `ps` may not be installed
        try:
            return Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return ""
    found = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()).name
