"""Trouble on demand: the ways in which an answer can go wrong, for one path or all."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

Headers = list[tuple[str, str]]


def refusal(status: int, code: str, summary: str) -> tuple[int, Any, Headers]:
    """An error as Okta writes it."""
    body = {"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": f"oae{code}", "errorCauses": []}
    return status, body, []


_REFUSALS = {
    "401": (401, "E0000011", "Invalid token provided"),
    "403": (403, "E0000006", "You do not have permission to perform the requested action"),
    "404": (404, "E0000007", "Not found: Resource not found"),
    "429": (429, "E0000047", "API call exceeded rate limit due to too many requests."),
    "500": (500, "E0000009", "Internal Server Error"),
    "no-feature": (401, "E0000015", "You do not have permission to access the feature you are requesting"),
}  # fmt: skip


@dataclass
class Trouble:
    """What goes wrong where a path contains `on`, at most `times` times (None: for ever).

    Kinds: 401, 403, 404, 429 (with `retry_after` seconds, where given), 500, no-feature, timeout (answers after
    `seconds`), truncated (JSON that breaks off), foreign-link (the next page is on another host), nulls.
    """

    kind: str
    on: str = "/"
    times: int | None = None
    retry_after: int | None = None
    seconds: float = 1.0
    met: list[str] = field(default_factory=list)

    def strikes(self, path: str) -> bool:
        """Whether this request meets it; counts the ones that do."""
        if self.on not in path or (self.times is not None and len(self.met) >= self.times):
            return False
        self.met.append(path)
        return True

    def instead(self, status: int, body: Any, headers: Headers) -> tuple[int, bytes, Headers]:
        """The answer that is given in place of the good one."""
        if self.kind in _REFUSALS:
            status, body, headers = refusal(*_REFUSALS[self.kind])
            if self.retry_after is not None:
                headers = [*headers, ("Retry-After", str(self.retry_after))]
        elif self.kind == "timeout":
            time.sleep(self.seconds)
        elif self.kind == "foreign-link":
            headers = [*headers, ("Link", '<https://elsewhere.example/api/v1/users?after=x>; rel="next"')]
        elif self.kind == "nulls":
            body = emptied(body)
        content = json.dumps(body).encode()
        return status, content[: max(1, len(content) // 2)] if self.kind == "truncated" else content, headers


def emptied(body: Any) -> Any:
    """The same shape with null for every value but ids: what a strict reader would choke on."""
    if isinstance(body, list):
        return [emptied(item) for item in body]
    if isinstance(body, dict):
        return {key: value if key in ("id", "uuid", "value") and _plain(value) else _emptied_value(value)
                for key, value in body.items()}  # fmt: skip
    return None


def _emptied_value(value: Any) -> Any:
    listing = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    return emptied(value) if listing else None


def _plain(value: Any) -> bool:
    return not isinstance(value, (dict, list))
