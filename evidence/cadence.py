"""What follows of a cadence for one piece of evidence: when it goes stale, and what it is now. Pure.

The words and numbers are those of the definitions (Evidence). All arithmetic with months and days is done on the
organisation's own calendar, so that "quarterly" never drifts by an hour in October or by a day in February.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from compliance.intervals.cadence import Cadence, Step, parse, step_of

__all__ = [
    "Cadence", "Freshness", "Step", "expiry", "freshness", "local_day", "notice", "parse", "step_of", "turns",
]  # fmt: skip


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of an instant where the organisation is."""
    return instant.astimezone(zone).date()


def expiry(effective_end: datetime, cadence: Cadence | int, zone: tzinfo) -> datetime | None:
    """When evidence that speaks up to `effective_end` goes stale (UTC); never, for one that follows events.

    The same local time of day, one cadence on. A time that the clocks skip moves on with them; of a time that
    they repeat, the earlier is meant.
    """
    step = step_of(cadence)
    if step is None:
        return None
    local = effective_end.astimezone(zone)
    return datetime.combine(step.after(local.date()), local.time().replace(fold=0), zone).astimezone(UTC)


def notice(effective_end: datetime, expires: datetime) -> timedelta:
    """How long before it goes stale evidence is due soon: min(30 d, max(1 d, 20% of the cadence)), and half the cadence
    at most, so that what comes daily can be current at all (docs/decisions/0003)."""
    cadence = expires - effective_end
    return min(timedelta(days=30), max(timedelta(days=1), cadence / 5), cadence / 2)


class Freshness(StrEnum):
    """What an evidence requirement is now. Disjoint: every requirement is exactly one of them."""

    CURRENT = "current"
    DUE_SOON = "due_soon"
    STALE = "stale"
    MISSING = "missing"
    NOT_YET_DUE = "not_yet_due"
    EVENT_DRIVEN = "event_driven"


def freshness(
    now: datetime,
    *,
    cadence: Cadence | int,
    effective_end: datetime | None,
    first_due: datetime | None,
    zone: tzinfo = UTC,
) -> Freshness:
    """What one evidence requirement is at `now`.

    `effective_end` is up to when it is shown (None: nothing shows it), `first_due` when the first
    was to be there (None: no date is set yet, so nothing is late). A deadline is kept up to and including its own
    instant.
    """
    if cadence == Cadence.ON_EVENT:
        return Freshness.EVENT_DRIVEN
    expires = expiry(effective_end, cadence, zone) if effective_end is not None else None
    if effective_end is None or expires is None:
        return Freshness.MISSING if first_due is not None and now > first_due else Freshness.NOT_YET_DUE
    if now > expires:
        return Freshness.STALE
    return Freshness.DUE_SOON if now >= expires - notice(effective_end, expires) else Freshness.CURRENT


def turns(effective_end: datetime, cadence: Cadence | int, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The instants at which evidence becomes due soon and goes stale, for looking forward and for waking in time."""
    expires = expiry(effective_end, cadence, zone)
    return None if expires is None else (expires - notice(effective_end, expires), expires)
