"""A vendor that answers from a script, on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from evidence.collectors.base import Call, Context
from evidence.collectors.client import VendorClient
from tests.loopback import serve


@dataclass
class Vendor:
    """Answers each call with the next line of the script, the last one for ever. Remembers what it was sent."""

    script: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def say(self, status: int = 200, body: Any = None, **headers: str) -> Vendor:
        """Add a line: a body of bytes goes out as it is, anything else as JSON."""
        named = {name.replace("_", "-"): value.replace("HOST", self.address) for name, value in headers.items()}
        self.script.append((status, named, body))
        return self

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"] + (f"?{query}" if (query := environ["QUERY_STRING"]) else "")
        sent = {name[5:].lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
        self.seen.append((environ["REQUEST_METHOD"], path, sent))
        status, headers, body = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        start_response(f"{status} Answer", [("Content-Length", str(len(content))), *headers.items()])
        return [content]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    made = Vendor()
    with serve(made.wsgi) as address:
        made.address = address
        yield made


@dataclass
class Heard:
    """What the client told its run: calls, waits, and how often it asked for leave to call."""

    calls: list[Call] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    throttled: int = 0

    def throttle(self) -> None:
        self.throttled += 1


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def client(vendor: Vendor, heard: Heard) -> Iterator[Callable[..., VendorClient]]:
    """Opens a client on the vendor; settings as VendorClient takes them."""
    opened: list[VendorClient] = []

    def make(**given: Any) -> VendorClient:
        context = Context(
            config={}, secret={}, now=datetime(2026, 6, 30, tzinfo=UTC), endpoint=vendor.address,
            log=heard.calls.append, sleep=heard.waits.append, throttle=heard.throttle,
        )  # fmt: skip
        settings = {"base_url": vendor.address, "headers": {"Authorization": "Bearer hush"}, "timeout": 5.0, **given}
        opened.append(VendorClient(context=context, **settings))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
