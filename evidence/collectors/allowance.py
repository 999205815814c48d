"""How much of a vendor's rate limit is left, by its own headers: some of it stays for the customer's other programs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

#: The share of a limit that is left alone.
RESERVE = 0.05
_NAMES = ("x-ratelimit", "x-rate-limit")


@dataclass(frozen=True)
class Allowance:
    """What one answer said: calls of the limit that are left, and when it resets on our own steady clock."""

    limit: int
    remaining: int
    resets: float

    @property
    def used_up(self) -> bool:
        return self.remaining <= int(self.limit * RESERVE)


class Allowances:
    """The limits of one connection: GitHub's by the resource that an answer names, Okta's by the kind of address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_bucket: dict[str, Allowance] = {}
        self._bucket_of: dict[str, str] = {}
        self._usual = ""

    def heard(self, path: str, headers: Mapping[str, str]) -> None:
        """Take in what an answer says. One that says nothing, or not in numbers, changes nothing."""
        found = _said(headers, self._clock())
        if found is not None:
            area, named = _area(path), headers.get("x-ratelimit-resource", "")
            self._usual = self._usual or named
            self._bucket_of[area] = named or area
            self._by_bucket[self._bucket_of[area]] = found

    def spare(self, path: str, sleep: Callable[[float], None], longest: float) -> None:
        """Before a call: where the limit is used up but for the reserve, wait until it resets if that is within `longest`
        seconds; else raise rate limited, with the seconds in `retry_after`."""
        bucket = self._bucket_of.get(_area(path), self._usual)
        left = self._by_bucket.get(bucket)
        if left is None or not left.used_up:
            return
        wait = left.resets - self._clock()
        if wait > longest:
            raise CollectionError(
                Reason.RATE_LIMITED, f"{left.limit - left.remaining} of the limit of {left.limit} calls are used.",
                remedy="It goes on by itself when the limit resets.", retry_after=wait,
            )  # fmt: skip
        del self._by_bucket[bucket]
        if wait > 0:
            sleep(wait)


def _area(path: str) -> str:
    """The first parts of a path: `/api/v1/users`, `/repos/acme/api`."""
    return "/".join(path.split("/")[:4])


def _said(headers: Mapping[str, str], clock: float) -> Allowance | None:
    for name in _NAMES:
        limit, left, reset = (headers.get(f"{name}-{part}", "") for part in ("limit", "remaining", "reset"))
        if limit.isdigit() and left.isdigit() and reset.isdigit():
            return Allowance(int(limit), int(left), clock + max(0.0, int(reset) - _sent_at(headers)))
    return None


def _sent_at(headers: Mapping[str, str]) -> float:
    """The vendor's own clock where it says so, so that neither needs to be right."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return time.time()
