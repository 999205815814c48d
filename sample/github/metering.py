"""What GitHub does around an answer: an entity tag that can be asked about again, and a limit of calls in an hour."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from sample.github.trouble import Reply

_LIMITS = frozenset({"X-RateLimit-Limit", "X-RateLimit-Used", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date"})


@dataclass
class Meter:
    """A limit that is held: `limit` calls until `renew`, which is what an hour's end does. An answer of 304 costs none.

    `charged` counts what was ever charged, `most` the most of any one hour, `refused` what came too late.
    """

    limit: int = 5000
    used: int = 0
    charged: int = 0
    most: int = 0
    refused: int = 0
    unchanged: int = 0
    hours: int = field(default=1)

    def renew(self) -> None:
        """The hour is over."""
        self.used, self.hours = 0, self.hours + 1

    def headers(self) -> list[tuple[str, str]]:
        now = int(time.time())
        return [
            ("Date", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now))), ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Used", str(self.used)), ("X-RateLimit-Remaining", str(max(0, self.limit - self.used))),
            ("X-RateLimit-Reset", str(now + 3600)),
        ]  # fmt: skip


def tagged(reply: Reply, environ: Any) -> Reply:
    """A good answer with its entity tag; empty where the caller holds that very answer."""
    status, headers, body = reply
    if not status.startswith("200"):
        return reply
    told = hashlib.sha256(body + environ.get("HTTP_AUTHORIZATION", "").encode()).hexdigest()
    headers = [*headers, ("ETag", f'W/"{told}"')]
    return ("304 Not Modified", headers, b"") if environ.get("HTTP_IF_NONE_MATCH") == f'W/"{told}"' else (status, headers, body)


def metered(world: Any, reply: Reply) -> Reply:
    """The answer against the limit, where one is held."""
    meter: Meter | None = world.meter
    if meter is None:
        return reply
    status, headers, body = reply
    if status.startswith("304"):
        meter.unchanged += 1
    elif meter.used >= meter.limit:
        meter.refused += 1
        status, body = "403 Forbidden", b'{"message": "API rate limit exceeded for installation.", "status": "403"}'
    else:
        meter.used, meter.charged = meter.used + 1, meter.charged + 1
        meter.most = max(meter.most, meter.used)
    return status, [*(each for each in headers if each[0] not in _LIMITS), *meter.headers()], body
