"""One Redis of our own on a private unix socket. It keeps nothing on disk: rows in PostgreSQL are the queue."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import private_folder, run_as_server_user
from config.embedded.locations import EmbeddedError, Place
from config.embedded.processes import dies_with_parent, stop


@dataclass
class Redis:
    place: Place
    program: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.place.sockets / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Start and wait until it answers. Raises EmbeddedError with the log's last lines."""
        private_folder(self.place.sockets)
        folder = private_folder(self.place.root / "redis")
        _end_leftover(self.socket)
        settings = {"port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700", "dir": str(folder)}
        settings |= {"save": "", "appendonly": "no", "daemonize": "no", "maxmemory-policy": "noeviction"}
        command = [str(self.program)]
        for name, value in settings.items():
            command += [f"--{name}", value]
        log_path = self.place.log / "redis.log"
        with log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
                **run_as_server_user(),
            )
        deadline = time.monotonic() + 30
        while _say(self.socket, b"PING\r\n") != b"+PONG\r\n":
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                last = log_path.read_text(errors="replace").splitlines()[-10:]
                raise EmbeddedError("Redis does not start:\n" + "\n".join(last))
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, signal.SIGTERM, patience=5)
            self.process = None


def _say(path: Path, message: bytes) -> bytes:
    """One command, one answer; empty where nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(message)
            return connection.recv(64)
        except OSError:
            return b""


def _end_leftover(path: Path) -> None:
    """A Redis that outlived its keeper is told to end; a socket without a server is removed."""
    _say(path, b"SHUTDOWN NOSAVE\r\n")
    path.unlink(missing_ok=True)
