"""When a party's reviews fall due, and what became of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from compliance.tenancy.months import months_after

DONE, SKIPPED, OVERDUE, TO_COME = "done", "skipped", "overdue", "to_come"


@dataclass(frozen=True)
class Due:
    """A day on which a review was or is due. `state`: done, skipped, overdue, to_come."""

    due_on: date
    state: str


def due_days(first: date, months: int) -> Iterator[date]:
    """Every due day, without end: counted from the first, so that the 31st stays the 31st."""
    count = 0
    while True:
        yield months_after(first, count * months)
        count += 1


def schedule(first: date | None, months: int | None, recorded: Mapping[date, str], on: date) -> list[Due]:
    """Every due day up to the next one, with what became of it.

    `recorded` maps due days to outcomes. A review that was still open when the next fell due is skipped, and stays so:
    what was not looked at in its time cannot be looked at later.
    """
    past = [Due(day, SKIPPED if outcome == SKIPPED else DONE) for day, outcome in recorded.items()]
    if first is None or not months:
        return sorted(past, key=lambda due: due.due_on)
    coming: list[Due] = []
    days = due_days(first, months)
    day, following = next(days), next(days)
    while True:
        if day not in recorded:
            state = SKIPPED if following <= on else OVERDUE if day < on else TO_COME
            coming.append(Due(day, state))
            if state in (OVERDUE, TO_COME):
                break
        day, following = following, next(days)
    return sorted([*past, *coming], key=lambda due: due.due_on)


def open_due(dues: list[Due]) -> Due | None:
    """The one that a review recorded today would answer."""
    return next((due for due in reversed(dues) if due.state in (OVERDUE, TO_COME)), None)


def recordable(dues: list[Due], on: date) -> Due | None:
    """The one that a review recorded on this day answers: one a cadence, so the next only once the day of the one before
    has passed. None while there is nothing that it could answer."""
    due = open_due(dues)
    if due is None:
        return None
    before = [each.due_on for each in dues if each.due_on < due.due_on]
    return due if not before or before[-1] < on else None
