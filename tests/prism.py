"""Prism: a vendor's API served from its own description, and a witness in front of it.

Prism checks each request against the description and says in `sl-violations` what is wrong with it. Its `Link`
header points at the vendor's real host, so the witness leaves it out, and remembers what was called and what
Prism found.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback import serve_open
from tests.specs import GITHUB, OKTA, ROOT

PRISM = ROOT / "node_modules" / ".bin" / "prism"
START = 120.0  # seconds: GitHub's description is 8 MB, and the machine may be busy


@dataclass
class Witness:
    """Stands between a collector and Prism. `calls` are (method, path with query, status); `violations` of requests."""

    prism: str
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    prefer: dict[str, str] = field(default_factory=dict)  # path pattern to a Prefer header
    keep_link: bool = False
    drop: tuple[str, ...] = ("content-length", "connection", "transfer-encoding", "content-encoding", "keep-alive")

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        """Pass a call on, and note what came of it."""
        path = environ.get("PATH_INFO", "") + (f"?{query}" if (query := environ.get("QUERY_STRING")) else "")
        headers = {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k.startswith("HTTP_")}
        headers.pop("host", None)
        headers["accept-encoding"] = "identity"
        for pattern, prefer in self.prefer.items():
            if re.search(pattern, path):
                headers["prefer"] = prefer
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length:
            headers["content-type"] = environ.get("CONTENT_TYPE", "")
        answer = httpx.request(
            environ["REQUEST_METHOD"], self.prism + path, headers=headers, timeout=60,
            content=environ["wsgi.input"].read(length) if length else None,
        )  # fmt: skip
        self.calls.append((environ["REQUEST_METHOD"], path, answer.status_code))
        for found in json.loads(answer.headers.get("sl-violations", "[]")):
            if found.get("location", ["?"])[0] == "request":
                self.violations.append({"path": path, **found})
        dropped = self.drop if self.keep_link else (*self.drop, "link")
        kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in dropped]
        start_response(f"{answer.status_code} {answer.reason_phrase or 'Answer'}", kept)
        return [answer.content]


@contextmanager
def mock(description: Path) -> Iterator[str]:
    """Prism on loopback, serving a description. Skips, saying why, where Prism or the description is absent."""
    if not description.is_file():
        pytest.skip(f"the vendor's description is not at {description}")
    if not PRISM.exists() or shutil.which("node") is None:
        pytest.skip("Prism is not installed: npm ci")
    command = [str(PRISM), "mock", str(description), "-p", "0", "-h", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    """The address that Prism says it listens on. Keeps reading afterwards, so that its pipe never fills."""
    said: list[str] = []
    found = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            if not found.is_set():
                said.append(line)
                if re.search(r"listening on http://127\.0\.0\.1:[1-9]", line):
                    found.set()

    threading.Thread(target=read, daemon=True).start()
    deadline = time.monotonic() + START
    while not found.wait(0.2):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Prism did not start: {''.join(said)[-2000:]}")
    match = re.search(r"http://127\.0\.0\.1:\d+", said[-1])
    assert match is not None
    return match[0]


@contextmanager
def witnessed(prism: str) -> Iterator[tuple[Witness, str]]:
    """A witness in front of a running Prism, and the address to give a collector."""
    witness = Witness(prism)
    with serve_open(witness.wsgi) as address:
        yield witness, address


@pytest.fixture(scope="session")
def github_prism() -> Iterator[str]:
    with mock(GITHUB) as address:
        yield address


@pytest.fixture(scope="session")
def okta_prism() -> Iterator[str]:
    with mock(OKTA) as address:
        yield address
