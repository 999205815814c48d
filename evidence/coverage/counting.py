"""What became of each expected interval, and which evidence fills it. Pure: days in, intervals out.

By the definitions (Intervals, Evidence): evidence is dated by its performance, one item fills one interval, its own first
and then the one before as late. Three ways of counting: a period in calendar blocks; PCI DSS, which counts the days since
the last performance and knows no grace (lapsing.py); and one day, for a Type I.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from compliance.intervals.blocks import DAY, Block, blocks_on
from compliance.intervals.cadence import Cadence, step_of
from compliance.intervals.changing import Turn, blocks_across

from ..intervals import Interval, State, fill
from .lapsing import by_gaps, longest_gap, pending
from .showing import Counted, Item, Later, Reading, Shown, Stretch, Terms, Way

__all__ = [
    "Counted", "Item", "Later", "Reading", "Shown", "Stretch", "Terms", "Way", "count", "longest_gap",
]  # fmt: skip


def count(terms: Terms, shown: Shown, *, on: date) -> list[Counted]:
    """The intervals of a period as seen on the day `on`, in order. Empty where nothing is expected at intervals."""
    if terms.way == Way.GAPS:
        return by_gaps(terms, shown, on)
    if terms.way == Way.ONE_DAY:
        return _by_day(terms, shown, on)
    return _by_blocks(terms, shown, on)


def _by_blocks(terms: Terms, shown: Shown, on: date) -> list[Counted]:
    items = [item for item in shown.items if item.day <= on]
    listed, turns = _listed(terms)
    graces = [terms.grace_from(turn.first) for turn in turns] if turns else [terms.grace] * len(listed)
    filled = fill(listed, (item.day for item in items), grace=graces, on=on, could_not_look=shown.refused)
    keys: dict[date, deque[Any]] = defaultdict(deque)
    for item in items:
        keys[item.day].append(item.key)
    own = {each.block: keys[each.performed].popleft() for each in filled if each.performed and each.state == State.FILLED}
    found = []
    for each, grace in zip(filled, graces, strict=True):
        key = own.get(each.block)
        if each.state == State.LATE and each.performed:
            key = keys[each.performed].popleft()
        found.append(_counted(each, grace, key))
    if shown.readings:
        found = [_from_reading(each, shown.readings) for each in found]
    if turns:
        found = [replace(each, cadence=turn.cadence) for each, turn in zip(found, turns, strict=True)]
    return _early(found, terms, items)


def _listed(terms: Terms) -> tuple[tuple[Block, ...], tuple[Turn, ...]]:
    """The blocks, and where the cadence turned within the period the turn of each."""
    if not terms.later:
        return _blocks(terms.period, terms.cadence, terms.stretches), ()
    pairs = blocks_across(period=terms.period, turns=terms.turns, stretches=terms.stretches)
    return tuple(block for block, _ in pairs), tuple(turn for _, turn in pairs)


@lru_cache(maxsize=256)
def _blocks(period: Stretch, cadence: Cadence | int, stretches: tuple[Stretch, ...]) -> tuple[Block, ...]:
    """Most requirements of a programme share their blocks."""
    return tuple(blocks_on(period=period, cadence=cadence, stretches=stretches))


def _counted(interval: Interval, grace: int, key: Any) -> Counted:
    late = (interval.performed - interval.block.last).days if interval.state == State.LATE and interval.performed else 0
    closes = interval.block.last + timedelta(days=grace)
    return Counted(interval.block, interval.state, closes, interval.performed, key, late_by=late)


#: What evidence that is found later can still fill.
_UNFILLED = frozenset({State.MISSED, State.UNKNOWN, State.OPEN})


def _from_reading(each: Counted, readings: Sequence[Reading]) -> Counted:
    """Filled, where a source that keeps its events was read for all of its days."""
    if each.state not in _UNFILLED:
        return each
    for reading in readings:
        if reading.first <= each.block.first and each.block.last <= reading.last:
            return Counted(each.block, State.FILLED, each.closes, each.block.last, reading.key)
    return each


def _early(found: list[Counted], terms: Terms, items: Sequence[Item]) -> list[Counted]:
    """The period's first interval, performed shortly before it began, where the audit firm allows that."""
    first = next((each for each in found if each.block.expected), None)
    if not terms.before or first is None or first.block.first != terms.period[0]:
        return found
    if first.state not in {*_UNFILLED, State.TO_COME}:
        return found
    since = first.block.first - timedelta(days=terms.before)
    latest = max((item for item in items if since <= item.day < first.block.first), key=lambda item: item.day, default=None)
    if latest is None:
        return found
    early = (first.block.first - latest.day).days
    kept = Counted(first.block, State.FILLED, first.closes, latest.day, latest.key, early_by=early, cadence=first.cadence)
    return [kept if each is first else each for each in found]


def _by_day(terms: Terms, shown: Shown, on: date) -> list[Counted]:
    """Whether evidence that was still good on the as-of date had been performed by then."""
    step, day = step_of(terms.cadence), terms.period[1]
    stretch = next((each for each in terms.stretches if each[0] <= day <= each[1]), None)
    if step is None or stretch is None:
        return []
    block = Block(step.after(day, -1) + DAY, day)
    latest = max((item for item in shown.items if item.day in block and item.day <= on), key=lambda item: item.day, default=None)
    if latest is not None:
        return [Counted(block, State.FILLED, day, latest.day, latest.key)]
    return [replace(pending(block.first, day, shown, on), late_by=0)]
