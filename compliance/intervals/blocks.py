"""The blocks of a span of days in which something was to be performed, and the grace after each. Pure.

By the definitions (Intervals): blocks run from a start by calendar months in local time. Days here are local calendar
days, all bounds are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .cadence import Cadence, Step, step_of
from .spans import common

DAY = timedelta(days=1)
#: How many days after a block's end a performance still counts, as late. Defaults: a policy may set others.
GRACE = {
    Cadence.CONTINUOUS: 1,
    Cadence.DAILY: 1,
    Cadence.WEEKLY: 3,
    Cadence.MONTHLY: 7,
    Cadence.QUARTERLY: 15,
    Cadence.SEMI_ANNUAL: 30,
    Cadence.ANNUAL: 30,
    Cadence.TWO_YEARS: 30,
}


def grace_of(cadence: Cadence | int) -> int:
    """Days of grace of a cadence. One given in days has that of the longest named cadence that it reaches."""
    if isinstance(cadence, Cadence):
        return GRACE.get(cadence, 0)
    reached = [days for least, days in ((1, 1), (7, 3), (28, 7), (90, 15), (180, 30)) if cadence >= least]
    return reached[-1] if reached else 0


@dataclass(frozen=True)
class Block:
    """One interval of the period. `expected` is false for a remnant of under half its length, which asks nothing.

    `keeps`: it asks nothing any more, since another cadence cut it, but did before: what was performed in it stays with it
    and does not turn into a late performance of the block before.
    """

    first: date
    last: date
    expected: bool = True
    keeps: bool = False

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def whole_blocks(start: date, step: Step, *, on: date) -> Iterator[Block]:
    """Every block that has begun by a day, uncut, counted from `start`: from the 31st of a month the next begins on the
    last day of a shorter one, and the one after on the 31st again."""
    number = 0
    while (begins := step.after(start, number)) <= on:
        number += 1
        yield Block(begins, step.after(start, number) - DAY)


def blocks(
    *,
    period: tuple[date, date],
    cadence: Cadence | int,
    control: tuple[date | None, date | None] = (None, None),
    scope: tuple[date | None, date | None] = (None, None),
) -> list[Block]:
    """The blocks of a period, cut to max(starts) … min(ends) of period, control and scope.

    A block that is cut is expected where at least half of it remains, or where it is the only one. One that follows
    events has no blocks. Raises ValueError for a period that ends before it starts.
    """
    start, end = _in_order(period)
    first = max([start, *(bound[0] for bound in (control, scope) if bound[0])])
    last = min([end, *(bound[1] for bound in (control, scope) if bound[1])])
    return blocks_on(period=period, cadence=cadence, stretches=[(first, last)] if first <= last else [])


def blocks_on(
    *, period: tuple[date, date], cadence: Cadence | int, stretches: Iterable[tuple[date, date]]
) -> list[Block]:
    """The blocks of a period, each cut to the days of `stretches`: the days in a row, in order and apart from each other,
    on which something was expected at all.

    A block that is left and entered again reaches from its first such day to its last, and is expected where the days
    between its ends that belong to a stretch are at least half of the whole block, or where it is the only one. A block
    without any such day is not in the list. Raises ValueError for a period that ends before it starts.
    """
    cut = cuts(period=period, cadence=cadence, stretches=stretches)
    return [Block(each.first, each.last, expected=len(cut) == 1 or each.at_least_half) for each in cut]


class Cut(NamedTuple):
    """A block cut to the days on which something was expected: which `days` of it, from the first to the last of them, and
    the `whole` that it is cut from."""

    first: date
    last: date
    days: int
    whole: Block

    @property
    def at_least_half(self) -> bool:
        return self.days * 2 >= self.whole.days

    @property
    def share(self) -> Fraction:
        """Which part of its whole is left."""
        return Fraction(self.days, self.whole.days)


def cuts(*, period: tuple[date, date], cadence: Cadence | int, stretches: Iterable[tuple[date, date]]) -> list[Cut]:
    """The blocks that have a day in `stretches`, as `blocks_on` cuts them, before it is asked which of them are expected."""
    start, _ = _in_order(period)
    step = step_of(cadence)
    known = common(stretches, period)
    if step is None or not known:
        return []
    cut: list[Cut] = []
    at = 0
    for whole in whole_blocks(start, step, on=known[-1][1]):
        while known[at][1] < whole.first:  # there is one that ends later: blocks stop with the last stretch
            at += 1
        days, first, last = 0, None, whole.first
        for begins, ends in known[at:]:
            if begins > whole.last:
                break
            begins, ends = max(begins, whole.first), min(ends, whole.last)
            first, last, days = first or begins, ends, days + (ends - begins).days + 1
        if first is not None:
            cut.append(Cut(first, last, days, whole))
    return cut


def _in_order(period: tuple[date, date]) -> tuple[date, date]:
    start, end = period
    if end < start:
        raise ValueError(f"the period ends on {end}, before it starts on {start}")
    return start, end
