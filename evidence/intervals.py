"""The intervals of a period in which something was to be performed, and what became of each. Pure.

By the definitions (Intervals): blocks run from the period's start by calendar months in local time, are cut to the
control's and the scope's own span, and are filled by the day of performance, never by the day of upload. Days here
are local calendar days (`cadence.local_day`), all bounds are inclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compliance.intervals.blocks import GRACE, Block, blocks, grace_of
from compliance.intervals.cadence import Cadence

__all__ = [
    "GRACE", "LONGEST_GAP", "Block", "Interval", "State", "blocks", "fill", "grace_of", "lapses",
]  # fmt: skip

class State(StrEnum):
    """What became of one block."""

    FILLED = "filled"
    LATE = "late"
    MISSED = "missed"
    UNKNOWN = "unknown"
    OPEN = "open"
    TO_COME = "to_come"
    NOT_EXPECTED = "not_expected"


@dataclass(frozen=True)
class Interval:
    """A block with its state, and the day of the performance that fills it, where one does."""

    block: Block
    state: State
    performed: date | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing that happens from now on can change it."""
        return self.state in (State.FILLED, State.LATE, State.MISSED)


def fill(
    listed: Sequence[Block],
    performed: Iterable[date],
    *,
    grace: int | Sequence[int],
    on: date,
    could_not_look: Iterable[date] = (),
) -> list[Interval]:
    """What became of each block as seen on the day `on`. `grace` is that of all of them, or of each.

    One performance fills one block: the one it falls in, and where that is filled already, or there is none, the one
    before as late, if `grace` days after its end have not passed. They are taken in the order of their days, so a
    later one never mends what an earlier day had shown as missed. `could_not_look`: days on which a collector tried
    and was refused; an unfilled block with such a day is unknown until its grace has passed, and missed after.
    """
    graces = [grace] * len(listed) if isinstance(grace, int) else grace
    asking = [(block, days) for block, days in zip(listed, graces, strict=True) if block.expected or block.keeps]
    expected = [block for block, _ in asking]
    firsts = [block.first for block in expected]
    taken: dict[Block, date] = {}
    for day in sorted(day for day in performed if day <= on):
        at = bisect_right(firsts, day) - 1  # the block that `day` falls in, or the last that ended before it
        if at >= 0 and expected[at] in taken and day in expected[at]:
            at -= 1
        if at >= 0 and expected[at] not in taken and day <= expected[at].last + timedelta(days=asking[at][1]):
            taken[expected[at]] = day
    refused = [day for day in could_not_look if day <= on]
    return [
        _interval(block, taken.get(block), grace=days, on=on, refused=refused) for block, days in zip(listed, graces, strict=True)
    ]


def _interval(block: Block, performed: date | None, *, grace: int, on: date, refused: Sequence[date]) -> Interval:
    closes = block.last + timedelta(days=grace)
    if not block.expected:
        return Interval(block, State.NOT_EXPECTED)
    if performed is not None:
        return Interval(block, State.FILLED if performed in block else State.LATE, performed)
    if on < block.first:
        return Interval(block, State.TO_COME)
    if on > closes:
        return Interval(block, State.MISSED)
    if any(block.first <= day <= closes for day in refused):
        return Interval(block, State.UNKNOWN)
    return Interval(block, State.OPEN)


#: PCI DSS knows no blocks: the gap since the last performance must not be longer than this, without grace.
LONGEST_GAP = {
    Cadence.CONTINUOUS: 1,
    Cadence.DAILY: 1,
    Cadence.WEEKLY: 7,
    Cadence.MONTHLY: 31,
    Cadence.QUARTERLY: 92,
    Cadence.SEMI_ANNUAL: 184,
    Cadence.ANNUAL: 366,
}


def lapses(performed: Iterable[date], *, longest_gap: int, start: date, on: date) -> list[Block]:
    """The spans in which PCI DSS's interval had run out: from the first day too late to the day of the next
    performance, or to `on`. Counting begins at `start` as if something had been performed that day."""
    days = sorted({start, *(day for day in performed if start <= day <= on)})
    found = []
    for last, following in zip(days, [*days[1:], on], strict=True):
        too_late = last + timedelta(days=longest_gap + 1)
        if too_late <= following:
            found.append(Block(too_late, following))
    return found
