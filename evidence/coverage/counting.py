"""What became of each expected interval, and which evidence fills it. Pure: days in, intervals out.

By the definitions (Intervals, Evidence): evidence is dated by its performance, one item fills one interval, its own first
and then the one before as late. Three ways of counting: a period in calendar blocks; PCI DSS, which counts the days since
the last performance and knows no grace; and one day, for a Type I.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from compliance.intervals.blocks import DAY, Block, blocks_on, grace_of
from compliance.intervals.cadence import Cadence, step_of

from ..intervals import LONGEST_GAP, Interval, State, fill

Stretch = tuple[date, date]


class Way(StrEnum):
    """How a programme counts."""

    BLOCKS = "blocks"
    GAPS = "gaps"
    ONE_DAY = "one_day"


@dataclass(frozen=True)
class Terms:
    """What is expected of one requirement in one programme.

    `period`: first and last day; of a Type I both are its as-of date. `stretches`: the days of it on which the control
    operated and was in scope, in order and apart. `after`: days after an interval's end on which a performance still
    counts, as late (None: those of the definitions). `before`: days before the period on which the first interval of
    something annual may have been performed, as the audit firm allows.
    """

    way: Way
    period: Stretch
    cadence: Cadence | int
    stretches: tuple[Stretch, ...]
    after: int | None = None
    before: int = 0

    @property
    def grace(self) -> int:
        """Days after an interval's end in which a performance still counts."""
        if self.way != Way.BLOCKS:
            return 0
        return grace_of(self.cadence) if self.after is None else self.after


@dataclass(frozen=True)
class Item:
    """Something performed on a day; `key` says which evidence shows it."""

    day: date
    key: Any = None


@dataclass(frozen=True)
class Reading:
    """Events of all days from `first` to `last`, read from a source that keeps them: a back-fill."""

    first: date
    last: date
    key: Any = None


@dataclass(frozen=True)
class Shown:
    """What the evidence of a requirement shows, and on which days a collector was refused."""

    items: Sequence[Item] = ()
    readings: Sequence[Reading] = ()
    refused: Sequence[date] = ()


@dataclass(frozen=True)
class Counted:
    """An interval with its state. `closes` is the last day on which a performance could fill it; `late_by` the days from
    its end to the performance that filled it late, or, where PCI DSS counts, that came too late; `early_by` the days from
    the performance to the interval's beginning, where the audit firm allows that."""

    block: Block
    state: State
    closes: date
    performed: date | None = None
    key: Any = field(default=None, compare=False)
    late_by: int = 0
    early_by: int = 0

    @property
    def is_hole(self) -> bool:
        """Nothing fills it, and its time is over, or nobody could look."""
        return self.state in (State.MISSED, State.UNKNOWN)


def count(terms: Terms, shown: Shown, *, on: date) -> list[Counted]:
    """The intervals of a period as seen on the day `on`, in order. Empty where nothing is expected at intervals."""
    if terms.way == Way.GAPS:
        return _by_gaps(terms, shown, on)
    if terms.way == Way.ONE_DAY:
        return _by_day(terms, shown, on)
    return _by_blocks(terms, shown, on)


def _by_blocks(terms: Terms, shown: Shown, on: date) -> list[Counted]:
    grace = terms.grace
    items = [item for item in shown.items if item.day <= on]
    listed = _blocks(terms.period, terms.cadence, terms.stretches)
    filled = fill(listed, (item.day for item in items), grace=grace, on=on, could_not_look=shown.refused)
    keys: dict[date, deque[Any]] = defaultdict(deque)
    for item in items:
        keys[item.day].append(item.key)
    own = {each.block: keys[each.performed].popleft() for each in filled if each.performed and each.state == State.FILLED}
    found = []
    for each in filled:
        key = own.get(each.block)
        if each.state == State.LATE and each.performed:
            key = keys[each.performed].popleft()
        found.append(_counted(each, grace, key))
    if shown.readings:
        found = [_from_reading(each, shown.readings) for each in found]
    return _early(found, terms, items)


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
    kept = Counted(first.block, State.FILLED, first.closes, latest.day, latest.key, early_by=early)
    return [kept if each is first else each for each in found]


def longest_gap(cadence: Cadence | int) -> int | None:
    """The most days that PCI DSS lets pass since the last performance; None for what follows events. A cadence that it
    does not know is as long as on the longest calendar."""
    if isinstance(cadence, int):
        return cadence
    if cadence == Cadence.TWO_YEARS:
        return 731
    return LONGEST_GAP.get(cadence)


def _by_gaps(terms: Terms, shown: Shown, on: date) -> list[Counted]:
    """From each performance to the next. Counting begins anew with each stretch, as if something had been performed on
    its first day."""
    most = longest_gap(terms.cadence)
    if most is None:
        return []
    return [each for stretch in terms.stretches for each in _gaps_of(stretch, most, shown, on)]


def _gaps_of(stretch: Stretch, most: int, shown: Shown, on: date) -> Iterator[Counted]:
    start, end = stretch
    keys: dict[date, Any] = {}
    for item in shown.items:
        if start <= item.day <= min(on, end):
            keys.setdefault(item.day, item.key)
    first, limit = start, start + timedelta(days=most)
    for day in sorted(keys):
        late = max(0, (day - limit).days)
        yield Counted(Block(first, day), State.MISSED if late else State.FILLED, limit, day, keys[day], late_by=late)
        first, limit = day + DAY, day + timedelta(days=most)
    if first > end:
        return
    if limit < end or not keys:  # else the days that are left are fewer than may pass
        pending = _pending(first, min(limit, end), shown, on)
        last = min(max(on, pending.block.last), end) if pending.state == State.MISSED else pending.block.last
        yield replace(pending, block=Block(first, last))
        first, limit = last + DAY, last + timedelta(days=most)
    while first <= end:
        whole = limit < end
        last = limit if whole else end
        yield Counted(Block(first, last, expected=whole), State.TO_COME if whole else State.NOT_EXPECTED, last)
        first, limit = last + DAY, last + timedelta(days=most)


def _pending(first: date, closes: date, shown: Shown, on: date) -> Counted:
    """What has not been performed yet and is to be by `closes`. What is lost grows with every day after it."""
    if on > closes:
        state = State.MISSED
    elif on < first:
        state = State.TO_COME
    elif any(first <= day <= on for day in shown.refused):
        state = State.UNKNOWN
    else:
        state = State.OPEN
    return Counted(Block(first, closes), state, closes, late_by=max(0, (on - closes).days))


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
    return [replace(_pending(block.first, day, shown, on), late_by=0)]
