"""How an HTTP refusal counts: status, headers and the vendor's words to a reason, a remedy and a wait."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

RETRIED = frozenset({429, 502, 503, 504})

# What vendors write when a plan or a feature is missing rather than a right.
_PLAN = re.compile(
    r"upgrade (to|your)|not (enabled|available|supported|licensed)|(must|needs to) be enabled|is disabled|"
    r"advanced security|enterprise (account|plan)|requires? .{0,40}(plan|licen[cs]e|enterprise)",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"rate limit|abuse detection|too many requests", re.IGNORECASE)

_REMEDY = {
    Reason.DENIED: "Grant the connection the permission that this call needs, then test it again.",
    Reason.NOT_LICENSED: "The plan lacks this feature, or it is switched off: enable it or mark it as not used.",
    Reason.RATE_LIMITED: "Wait until the vendor's limit resets, or collect less often.",
    Reason.UNREACHABLE: "Check that the vendor is up and that its host can be reached from here.",
    Reason.MALFORMED: "The vendor answered in an unexpected way; what was collected before is kept.",
}


def said(content: bytes) -> str:
    """The vendor's own error sentence, cut to 300 characters; empty where there is none."""
    try:
        body = json.loads(content)
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    found = body.get("message") or body.get("errorSummary") or body.get("error_description") or body.get("detail") or ""
    return str(found)[:300]


def _is_limit(headers: Mapping[str, str], message: str) -> bool:
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or bool(_LIMIT.search(message))


def reason_of(status: int, headers: Mapping[str, str], message: str) -> Reason:
    """The reason of a refusal. A 403 may be a limit or a plan as well as a missing right."""
    if status == 429 or (status == 403 and _is_limit(headers, message)):
        return Reason.RATE_LIMITED
    if status == 402 or (status == 403 and _PLAN.search(message)):
        return Reason.NOT_LICENSED
    if status in (401, 403, 404, 451):
        return Reason.DENIED
    return Reason.UNREACHABLE if status >= 500 else Reason.MALFORMED


def refusal(status: int, headers: Mapping[str, str], content: bytes, call: str) -> CollectionError:
    """The CollectionError of an error answer, with what a person can do about it."""
    message = said(content)
    reason = reason_of(status, headers, message)
    remedy = _REMEDY[reason]
    if status == 401:
        remedy = "The credential was refused: it has expired, was revoked or is wrong. Enter a new one."
    elif 300 <= status < 400:
        message = "redirected, which is not followed"
        remedy = "Check the base URL, and whether the resource was renamed."
    return CollectionError(
        reason, f"{status}: {message}" if message else f"answered {status}", remedy=remedy, call=call, status=status
    )


def wait_before_retry(status: int, headers: Mapping[str, str], error: CollectionError) -> tuple[float | None, bool]:
    """Seconds the vendor asks us to wait (None where it says nothing), and whether the call may be made again."""
    may = status in RETRIED or error.reason is Reason.RATE_LIMITED
    return (asked_wait(headers), True) if may else (None, False)


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds or as a date, else the reset of an exhausted rate limit (epoch seconds).

    Reckoned from the answer's own `Date`, so that neither clock needs to be right.
    """
    now = _date(headers.get("date", "")) or time.time()
    after = headers.get("retry-after", "").strip()
    if after:
        moment = _date(after)
        if after.isdigit():
            return float(after)
        if moment is not None:
            return max(0.0, moment - now)
    for prefix in ("x-ratelimit", "x-rate-limit"):
        reset = headers.get(f"{prefix}-reset", "")
        if reset.isdigit() and headers.get(f"{prefix}-remaining", "0") == "0":
            return max(0.0, int(reset) - now)
    return None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
