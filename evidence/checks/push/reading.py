"""What checks of pushed facts share: rows judged one by one, also where only a part of the list was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from evidence.checks.base import Facts, FactSet, Finding, Outcome, Reason, Row, Unreadable, each, known, required

Judge = Callable[[Row], tuple[bool, str] | None]


def each_sent(facts: Facts, kind: str, resource: Callable[[Row], str], judge: Judge) -> Iterator[Finding]:
    """`each`, and of a part of a list the rest as one unknown: what fails in it fails, and the whole never passes."""
    rows, gap = facts.in_part(kind)
    whole = FactSet(kind, rows, facts.sets[kind].collected_at, can_be_empty=True)
    yield from each(replace(facts, sets={**facts.sets, kind: whole}), kind, resource, judge)
    if gap is not None:
        yield Finding("*", Outcome.UNKNOWN, gap.detail, gap.reason)


def told(row: Row, name: str) -> object:
    """A field that may be left out. Where it was, nothing is known of it: unknown."""
    value = row.get(name)
    if value is None:
        raise Unreadable(Reason.MALFORMED, f"{name} was not sent")
    return value


def moment(row: Row, name: str) -> datetime:
    """A needed time of a row."""
    try:
        found = datetime.fromisoformat(str(required(row, name)).replace("Z", "+00:00"))
    except ValueError as fault:
        raise Unreadable(Reason.MALFORMED, f"{name} is no time") from fault
    if found.tzinfo is None:
        raise Unreadable(Reason.MALFORMED, f"{name} has no offset from UTC")
    return found


def text(row: Row, name: str) -> str:
    return str(known(row, name))
