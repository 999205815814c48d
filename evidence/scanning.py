"""Asking ClamAV's daemon whether a file carries something known to be hostile (its INSTREAM command, clamd(8)).

Not configured: nothing is scanned, and pages say so. Configured and not to be reached: the file is refused, because a
scan that was asked for and did not happen must not look like one that found nothing.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable

from django.conf import settings

from .media import NotAcceptedError

#: Seconds for any one answer of the daemon. A large file is scanned while its last bytes are sent.
PATIENCE = 40
_MOST_ANSWER = 4096


class ScannerUnreachableError(NotAcceptedError):
    """The scanner is configured and gave no verdict."""


class InfectedError(NotAcceptedError):
    """The scanner named what it found: `signature`."""

    def __init__(self, signature: str) -> None:
        super().__init__(f"The virus scanner found {signature} in it. It was not taken in.")
        self.signature = signature


def is_configured() -> bool:
    """Whether files are scanned at all."""
    return bool(settings.CLAMD)


def scan(chunks: Iterable[bytes]) -> str:
    """`clean`, or `not scanned` where no scanner is configured. Raises InfectedError and ScannerUnreachableError."""
    if not is_configured():
        return "not scanned"
    try:
        answer = _asked(chunks)
    except OSError as error:
        raise ScannerUnreachableError(
            "The virus scanner cannot be reached, and nothing is taken in without it. Try again later, or tell whoever runs this service."
        ) from error
    if answer.endswith("FOUND"):
        raise InfectedError(answer.removeprefix("stream:").removesuffix("FOUND").strip()[:120] or "a virus")
    if answer != "stream: OK":
        raise ScannerUnreachableError(f"The virus scanner gave no verdict ({answer[:120] or 'no answer'}). Nothing was taken in.")
    return "clean"


def _asked(chunks: Iterable[bytes]) -> str:
    with _connected() as daemon:
        daemon.sendall(b"zINSTREAM\0")
        try:
            for chunk in chunks:
                if chunk:
                    daemon.sendall(struct.pack("!L", len(chunk)) + chunk)
            daemon.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it closes early where a file is over its own limit, and has said so by then
        answer = b""
        while b"\0" not in answer and len(answer) < _MOST_ANSWER and (more := daemon.recv(_MOST_ANSWER)):
            answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    """`host:port`, or the path of a unix socket."""
    where = settings.CLAMD
    if where.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        daemon.settimeout(PATIENCE)
        try:
            daemon.connect(where)
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
