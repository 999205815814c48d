"""The site under gunicorn, as in production: two sync workers on a loopback port that the system chose."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def served(settings: str, path: str) -> Iterator[str]:
    """The address of a site that answers `path`. Raises RuntimeError where it does not within two minutes."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {**os.environ, "BIND": f"fd://{listener.fileno()}", "DJANGO_SETTINGS_MODULE": settings, "WEB_WORKERS": "2"}
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"], env=environment, pass_fds=[listener.fileno()]
        )
        try:
            _wait(process, address + path)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=5).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer.")
