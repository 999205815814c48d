"""On which days something was in scope, from its decisions. Pure: rows in, days out.

A decision holds from its effective day, or else from the day on which it was made, to the end of that day and on. Of two
that hold on a day the later made one counts. Undecided counts as in scope (definitions, Scope) from the day on which it
entered the register; before that day there is nothing that could be in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ruling:
    """One decision: the day it holds from, and whether it says in. `made` orders rulings; the highest wins."""

    day: date
    is_in: bool
    made: int


@dataclass(frozen=True)
class Span:
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def is_in(day: date, *, entered: date, rulings: Iterable[Ruling]) -> bool:
    """Whether it was in scope at the end of a day."""
    held = [ruling for ruling in rulings if ruling.day <= day]
    if held:
        return max(held, key=lambda ruling: ruling.made).is_in
    return entered <= day


def spans(start: date, end: date, *, entered: date, rulings: Iterable[Ruling]) -> list[Span]:
    """The stretches between two days, both included, on which it was in scope, in order. None: never in."""
    known = list(rulings)
    turns = sorted({start, *(day for day in (entered, *(each.day for each in known)) if start < day <= end)})
    found: list[Span] = []
    for first, following in zip(turns, [*turns[1:], end + ONE_DAY], strict=True):
        if first > end or not is_in(first, entered=entered, rulings=known):
            continue
        if found and found[-1].last + ONE_DAY == first:
            first = found.pop().first
        found.append(Span(first, following - ONE_DAY))
    return found


def joined(spans: Iterable[Span]) -> list[tuple[date, date]]:
    """Days in a row, in order, those that meet or overlap as one."""
    found: list[tuple[date, date]] = []
    for span in sorted(spans, key=lambda each: each.first):
        if found and span.first <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], max(found[-1][1], span.last))
        else:
            found.append((span.first, span.last))
    return found
