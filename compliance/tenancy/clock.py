"""The one clock of the product (decisions, 25).

Everything that stamps or compares time asks `now()`. A simulated time holds only inside a room whose organisation
is flagged as a sample; anywhere else setting one is refused, because it would be back-dating.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_simulated: ContextVar[datetime | None] = ContextVar("simulated_now", default=None)


def now() -> datetime:
    """The time, in UTC."""
    return _simulated.get() or datetime.now(UTC)


def today(timezone: str = "UTC") -> date:
    """The calendar day in a time zone."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def simulated(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment, inside the room of a sample organisation only."""
    from .rooms import current

    room = current()
    if room is None or not room.is_sample:
        raise PermissionError("The clock may be simulated for a sample organisation only.")
    token = _simulated.set(moment)
    try:
        yield
    finally:
        _simulated.reset(token)
