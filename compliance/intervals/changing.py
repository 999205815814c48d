"""A cadence that was changed within a period: which one counted on which days, and the blocks that follow. Pure.

What was stated on each day counts (docs/decisions/0052): a change ends no interval that is open and mends none that is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .blocks import DAY, Block, Cut, cuts, whole_blocks
from .cadence import Cadence, shorter, step_of
from .spans import Days, common

_HALF = Fraction(1, 2)


class Change(NamedTuple):
    """From a day on another cadence was stated than before."""

    before: Cadence | int
    after: Cadence | int
    since: date


class Turn(NamedTuple):
    """A cadence, and the first day on which it holds: it holds until the next turn."""

    first: date
    cadence: Cadence | int


def stated(changes: Sequence[Change]) -> tuple[Turn, ...]:
    """What was stated when, of changes in the order in which they were made: there is one at least. The first holds for ever.

    A later statement takes the place of whatever was to hold from its own day on, or from a later one: what is put right on
    the day of a slip leaves nothing of it.
    """
    found = [Turn(date.min, changes[0].before)]
    for change in changes:
        found = [turn for turn in found if turn.first < change.since]
        found.append(Turn(change.since, change.after))
    return _without_repeats(found)


def _without_repeats(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    found: list[Turn] = []
    for turn in turns:
        if not found or found[-1].cadence != turn.cadence:
            found.append(turn)
    return tuple(found)


@lru_cache(maxsize=1024)
def turns_of(period: Days, said: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Which cadence counts from which day of a period on; the first turn is the period's first day.

    What was stated by that day counts for all of it. A later statement counts once the interval is over that is open on its
    day, of the shorter of the two cadences; from nothing but events it counts at once, since nothing is open. What was
    stated but had not begun to count when something else was stated never counts.
    """
    start, end = period
    found = [Turn(start, [turn for turn in said if turn.first <= start][-1].cadence)]
    for since, cadence in said:
        if not start < since <= end:
            continue
        found = [turn for turn in found if turn.first <= since]
        current = found[-1].cadence
        begins = _begins(start, since, current, cadence)
        if cadence == current or begins > end:
            continue
        if found[-1].first == begins:  # events alone, on no day
            found.pop()
        found.append(Turn(begins, cadence))
    return _without_repeats(found)


def _begins(start: date, since: date, current: Cadence | int, new: Cadence | int) -> date:
    if step_of(current) is None:
        return since
    step = step_of(shorter(current, new))
    assert step is not None  # the current one has one
    *_, last = whole_blocks(start, step, on=since)
    return last.last + DAY


def spans_of(turns: Sequence[Turn], end: date) -> list[tuple[Turn, date]]:
    """Each turn with its last day, up to the end of a period."""
    lasts = [*(turn.first - DAY for turn in turns[1:]), end]
    return list(zip(turns, lasts, strict=True))


def blocks_across(
    *, period: Days, turns: Sequence[Turn], stretches: Sequence[Days]
) -> list[tuple[Block, Turn]]:
    """The blocks of a period in which the cadence turned, in order, each with the turn that it belongs to.

    Those of a turn are counted from the period's start and cut to its days. What a turn leaves of a block is expected where
    it is at least half of it; what is less is added up, so that of many such remnants one is expected as soon as they come
    to half a block: no number of changes makes everything fall away. Whether a block is expected rests on what came before
    it and on where it ends, never on what is stated after it is over.
    """
    found: list[tuple[Block, Turn]] = []
    owed = Fraction(0)
    for turn, last in spans_of(turns, period[1]):
        own = cuts(period=period, cadence=turn.cadence, stretches=common(stretches, (turn.first, last)))
        held = cuts(period=period, cadence=turn.cadence, stretches=common(stretches, (turn.first, period[1])))
        for cut, uncut in zip(own, held, strict=False):  # the same blocks, the last of which may end sooner
            begun_before = cut.whole.first < turn.first
            asked = _asked(uncut, owed, begun_before=begun_before, alone=not found and len(held) == 1)
            expected = asked and (cut == uncut or cut.at_least_half or owed + cut.share >= _HALF)
            if (begun_before or cut != uncut) and not cut.at_least_half:
                owed += cut.share - expected
            found.append((Block(cut.first, cut.last, expected=expected, keeps=asked and not expected), turn))
    return found


def _asked(cut: Cut, owed: Fraction, *, begun_before: bool, alone: bool) -> bool:
    """Whether a block was expected as long as nobody knew that its cadence would change again."""
    return alone or cut.at_least_half or (begun_before and owed + cut.share >= _HALF)
