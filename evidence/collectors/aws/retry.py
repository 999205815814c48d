"""Trying again: bounded, with growing waits, as the service asks; waiting goes through the run's own `sleep`."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from evidence.collectors.aws.errors import NETWORK_FAULTS, RATE_LIMITED, UNREACHABLE

ATTEMPTS = 4
LONGEST_WAIT = 20.0  # seconds


def again(sleep: Callable[[float], None], throttle: Callable[[], None]) -> Callable[..., float | None]:
    """A botocore `needs-retry` handler.

    botocore's own retrying waits with `time.sleep`; ours waits with the run's `sleep` and then asks for no further
    wait, so that tests do not wait and a run's heartbeat can go on. Pagination goes through it like any call.
    """

    def handler(
        response: Any, attempts: int, caught_exception: Exception | None = None, **_: Any
    ) -> float | None:
        if attempts >= ATTEMPTS or not _passing(response, caught_exception):
            return None
        sleep(_wait(response, attempts))
        throttle()
        return 0

    return handler


def _passing(response: Any, fault: Exception | None) -> bool:
    if fault is not None:
        return isinstance(fault, NETWORK_FAULTS)
    if response is None:
        return False
    http, parsed = response
    code = parsed.get("Error", {}).get("Code", "") if isinstance(parsed, dict) else ""
    return code in RATE_LIMITED or code in UNREACHABLE or http.status_code in (429, 500, 502, 503, 504)


def _wait(response: Any, attempts: int) -> float:
    """Seconds: what Retry-After says, else 0.5, 1, 2 … with jitter, never over the longest wait."""
    asked = response[0].headers.get("retry-after") if response is not None else None
    if asked and str(asked).isdigit():
        return min(float(asked), LONGEST_WAIT)
    return min(random.uniform(0.5, 1.0) * 2 ** (attempts - 1), LONGEST_WAIT)  # noqa: S311
