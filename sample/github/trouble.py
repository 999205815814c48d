"""Everything that goes wrong between a client and a vendor, on demand: for tests of what we then say."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

Reply = tuple[str, list[tuple[str, str]], bytes]

KINDS = (
    "401", "403", "403-plan", "403-limit", "404", "429", "429-retry-after", "500", "502", "timeout", "truncated",
    "not-json", "other-host", "circle", "nulls", "null", "empty", "redirect",
)  # fmt: skip
_STATUS = {
    "401": ("401 Unauthorized", "Bad credentials"), "403": ("403 Forbidden", "Resource not accessible by token"),
    "403-plan": ("403 Forbidden", "Upgrade to GitHub Team or make this repository public to enable this feature."),
    "403-limit": ("403 Forbidden", "API rate limit exceeded for installation."),
    "404": ("404 Not Found", "Not Found"), "429": ("429 Too Many Requests", "Too many requests"),
    "429-retry-after": ("429 Too Many Requests", "You have exceeded a secondary rate limit."),
    "500": ("500 Internal Server Error", "Server Error"), "502": ("502 Bad Gateway", "Server Error"),
}  # fmt: skip


@dataclass
class Trouble:
    """Trouble of one kind for paths that match `path`, after `skip` good answers and for `times` bad ones (None: all).

    `seconds` is how long a time-out lasts, or what `Retry-After` says.
    """

    kind: str
    path: str = "."
    skip: int = 0
    times: int | None = None
    seconds: float = 1.0
    seen: list[str] = field(default_factory=list)

    def strikes(self, path: str) -> bool:
        """Whether this call is in trouble; counts it."""
        if not re.search(self.path, path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None and len(self.seen) >= self.times:
            return False
        self.seen.append(path)
        return True

    def spoil(self, reply: Reply) -> Reply:
        """The answer as it arrives."""
        status, headers, body = reply
        if self.kind in _STATUS:
            return self._refusal(headers)
        if self.kind == "timeout":
            time.sleep(self.seconds)
        elif self.kind == "truncated":
            return status, headers, body[: len(body) // 2] or b"["
        elif self.kind == "not-json":
            return status, headers, b"<html><body>Sign in to the network</body></html>"
        elif self.kind == "redirect":
            return "301 Moved Permanently", [*headers, ("Location", "https://elsewhere.example/")], b""
        elif self.kind in ("other-host", "circle"):
            where = "https://elsewhere.example/next?page=2" if self.kind == "other-host" else "?page=1"
            kept = [header for header in headers if header[0] != "Link"]
            return status, [*kept, ("Link", f'<{where}>; rel="next"')], body
        elif self.kind in ("nulls", "null", "empty"):
            return status, headers, self._hollow(body)
        return reply

    def _refusal(self, headers: list[tuple[str, str]]) -> Reply:
        status, message = _STATUS[self.kind]
        if self.kind == "429-retry-after":
            headers = [*headers, ("Retry-After", str(int(self.seconds)))]
        elif self.kind == "403-limit":
            kept = [header for header in headers if header[0] != "X-RateLimit-Remaining"]
            headers = [*kept, ("X-RateLimit-Remaining", "0")]
        return status, headers, json.dumps({"message": message, "status": status[:3]}).encode()

    def _hollow(self, body: bytes) -> bytes:
        if self.kind == "null" or not body:
            return b"null"
        found = json.loads(body)
        return json.dumps(_nulled(found) if self.kind == "nulls" else _emptied(found)).encode()


def _nulled(found: Any) -> Any:
    """The same shape with every value null."""
    if isinstance(found, list):
        return [_nulled(row) for row in found]
    return dict.fromkeys(found) if isinstance(found, dict) else None


def _emptied(found: Any) -> Any:
    if isinstance(found, dict):
        counted = {"total_count": 0} if "total_count" in found else {}
        return {**{key: [] if isinstance(value, list) else value for key, value in found.items()}, **counted}
    return [] if isinstance(found, list) else found
