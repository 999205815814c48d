"""A second count of what was collected: from the raw answers, past the code that makes rows of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evidence.collectors.base import Page

from .builders.access import GRANTS, LOG
from .builders.changes import MERGED
from .given import instant
from .spans import Period

Count = Callable[[Sequence[Page], Period], int]


def _merged(pages: Sequence[Page], period: Period) -> int:
    """Different pull requests, by their number, that the answers say were merged in the period."""
    return len({
        (body.get("repository"), pull.get("number"))
        for body in _bodies(pages) for pull in body.get("pulls") or () if _within(pull.get("merged_at"), period)
    })  # fmt: skip


def _granted(pages: Sequence[Page], period: Period) -> int:
    """Different events of the log, by their id, that grant something and were published in the period."""
    events = (event for page in pages if isinstance(page.body, list) for event in page.body if isinstance(event, Mapping))
    return len({
        event.get("uuid") for event in events if event.get("eventType") in GRANTS and _within(event.get("published"), period)
    })  # fmt: skip


def _bodies(pages: Sequence[Page]) -> Iterator[Mapping[str, Any]]:
    return (page.body for page in pages if isinstance(page.body, Mapping))


def _within(value: Any, period: Period) -> bool:
    at = instant(value) if value else None
    return at is not None and period.holds(at)


#: Fact kind to how its raw answers are counted. Where a kind is not here, somebody reads the total on the source's screen.
COUNTS: Mapping[str, Count] = {MERGED: _merged, LOG: _granted}
