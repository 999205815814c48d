"""From the days that a person states to the instants that a version covers, on the organisation's calendar. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo


def span_of(first: date, last: date, *, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last; of today only what has passed.

    Raises ValueError for days in the wrong order, or in the future.
    """
    if last < first:
        raise ValueError("It ends before it starts.")
    starts = datetime.combine(first, time(), zone)
    if last > now.astimezone(zone).date():
        raise ValueError("Evidence cannot speak of a day that has not come.")
    return starts, min(datetime.combine(last, time(23, 59, 59), zone), now)
