"""How often one connection may call its vendor: a token bucket in Redis, shared by all workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.core.cache import cache

#: Calls a second, below what each vendor bears over a long run (GitHub: 900 points a minute; Okta: 600 a minute).
PER_SECOND = {"github": 15, "okta": 10}


def throttle_for(connection_id: UUID, *, per_second: int, sleep: Callable[[float], None] = time.sleep) -> Callable[[], None]:
    """A function to call before each request; waits while this second's allowance is used up. Redis away: no limit."""

    def wait() -> None:
        for _ in range(20):
            second = int(time.time())
            key = f"throttle:{connection_id}:{second}"
            try:
                cache.add(key, 0, timeout=5)
                used = cache.incr(key)
            except Exception:  # noqa: BLE001 - a limit that cannot be counted must not stop evidence
                return
            if used <= per_second:
                return
            sleep(max(0.0, second + 1 - time.time()))

    return wait
