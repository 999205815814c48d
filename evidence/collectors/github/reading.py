"""How a raw answer is read: leniently, one field at a time. What is missing or failed becomes unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, unknown
from evidence.collectors.base import Json, Page


def value(source: Json, path: str, *, absent: Reason = Reason.MALFORMED) -> Any:
    """The value at a dotted path, or unknown: for the sub-call's reason where it failed, else for `absent`."""
    for part in path.split("."):
        failure = failed(source)
        if failure is not None:
            return unknown(failure)
        if not isinstance(source, Mapping) or part not in source:
            return unknown(absent)
        source = source[part]
    failure = failed(source)
    return unknown(failure) if failure is not None else source


def failed(answer: Json) -> Reason | None:
    """The reason of a sub-call kept as failed, None where it was answered."""
    if isinstance(answer, Mapping) and isinstance(answer.get("error"), Mapping):
        return Reason(answer["error"].get("reason", Reason.MALFORMED))
    return None


def refused_with(answer: Json, status: int, words: str = "") -> bool:
    """Whether a sub-call was refused with this status and, in the vendor's message, these words."""
    if failed(answer) is None:
        return False
    error = answer["error"]
    return bool(error.get("status") == status and words.lower() in str(error.get("message", "")).lower())


def is_unknown(found: Any) -> bool:
    """Whether a row's field is marked unknown."""
    return isinstance(found, Mapping) and "$unknown" in found


def items(pages: Sequence[Page], rows: str | None = None) -> Iterator[dict[str, Any]]:
    """The objects listed by the pages of one call."""
    for page in pages:
        found = page.body.get(rows) if rows else page.body
        yield from (row for row in found or [] if isinstance(row, dict))


def login(user: Json) -> str | None:
    """A user's login; None for an account that was deleted."""
    return user.get("login") if isinstance(user, Mapping) else None
