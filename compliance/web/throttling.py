"""Each token has its own allowance."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """By token; by address where there is none (the answer is 401 then).

    A count for each span of the clock, such as each minute. DRF keeps the time of every call in a list, which is read
    and written whole at each call: with 1,200 a minute that cost more than the query that was asked for.
    """

    scope = "token"
    duration: int
    num_requests: int

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"api:{request.auth.pk if request.auth else self.get_ident(request)}"

    def allow_request(self, request: Request, view: Any) -> bool:
        if self.rate is None:
            return True
        self.now = self.timer()
        span = int(self.now // self.duration)
        return self._count(f"{self.get_cache_key(request, view)}:{span}") <= self.num_requests

    def wait(self) -> float:
        """Seconds until the next span begins."""
        return float(self.duration - self.now % self.duration)

    def _count(self, key: str) -> int:
        """This call's number in its span. The key outlives the span: one that ended meanwhile would begin without an end."""
        try:
            return int(self.cache.incr(key))
        except ValueError:
            return 1 if self.cache.add(key, 1, 2 * self.duration) else int(self.cache.incr(key))
