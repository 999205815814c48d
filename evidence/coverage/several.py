"""A requirement that several lists show together: each of them is needed, and the worst of them is what an interval comes to. Pure.

Two AWS accounts, or users and the log beside them, do not stand in for each other: a month in which one of them could not be
read has a hole, however often the other was. What people bring stands for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from compliance.intervals.blocks import DAY

from ..intervals import State
from .counting import count
from .showing import Counted, Item, Reading, Shown, Terms, Way


@dataclass(frozen=True)
class Line:
    """One list that a connection collects, and what it shows by itself.

    `since`: the first day on which it was looked for. `ended`: the last on which its connection was in use, None while it is.
    Before the one and after the other nobody asks for it, and the other lists speak for those days. `needed`: the requirement's
    checks read it; else somebody linked it by hand, and it only speaks for such days.
    """

    title: str
    shown: Shown
    since: date
    ended: date | None = None
    needed: bool = True

    def asked_on(self, day: date) -> bool:
        """Whether the list was being collected on a day."""
        return self.since <= day and (self.ended is None or day <= self.ended)

    def without_it(self, reading: Reading) -> Iterator[Reading]:
        """The days of another list's reading on which this one was not being collected."""
        if reading.first < self.since:
            yield replace(reading, last=min(reading.last, self.since - DAY))
        if self.ended is not None and reading.last > self.ended:
            yield replace(reading, first=max(reading.first, self.ended + DAY))


#: What is worse comes first.
_WORSE = (State.MISSED, State.UNKNOWN, State.OPEN, State.TO_COME, State.LATE, State.FILLED, State.NOT_EXPECTED)
_HOLDS = frozenset({State.FILLED, State.LATE})


def count_together(terms: Terms, beside: Shown, lines: Sequence[Line], *, on: date) -> list[Counted]:
    """The intervals of a requirement that `lines` show, with what else stands `beside` them. With one line, or none that is
    needed, that is what all of it comes to together."""
    needed = [line for line in lines if line.needed]
    if len(lines) < 2 or not needed:
        return count(terms, _joined(beside, lines), on=on)
    told: dict[tuple[object, ...], tuple[str, list[Counted]]] = {}
    for line in needed:
        own = _with_others(line, beside, lines)
        alike = (tuple(sorted(item.day for item in own.items)), tuple(own.readings), tuple(own.refused))
        if alike not in told:  # most lists of one connection are read by the same runs
            told[alike] = (line.title, count(terms, own, on=on))
    found = list(told.values())
    if terms.way == Way.GAPS:  # the intervals of two lists are not the same days
        return _the_worst_list(found)
    return [_the_worst([(title, each) for (title, _), each in zip(found, at, strict=True)])
            for at in zip(*(listed for _, listed in found), strict=True)]  # fmt: skip


def _joined(beside: Shown, lines: Sequence[Line]) -> Shown:
    parts = [beside, *(line.shown for line in lines)]
    return Shown(
        once(item for part in parts for item in part.items), [each for part in parts for each in part.readings],
        sorted({day for part in parts for day in part.refused}),
    )  # fmt: skip


def _with_others(line: Line, beside: Shown, lines: Sequence[Line]) -> Shown:
    others = [other.shown for other in lines if other is not line]
    items = [item for shown in others for item in shown.items if not line.asked_on(item.day)]
    readings = [part for shown in others for reading in shown.readings for part in line.without_it(reading)]
    return Shown(
        once([*beside.items, *line.shown.items, *items]), [*beside.readings, *line.shown.readings, *readings],
        sorted({*beside.refused, *line.shown.refused}),
    )  # fmt: skip


def once(items: Iterable[Item]) -> list[Item]:
    """Several connections that look on one day are one performance, and so are several files of one day and one span."""
    found: dict[tuple[date, date | None], Item] = {}
    for item in items:
        found.setdefault((item.day, getattr(item.key, "since", None)), item)
    return list(found.values())


def _the_worst(told: Sequence[tuple[str, Counted]]) -> Counted:
    title, worst = min(told, key=lambda each: _WORSE.index(each[1].state))
    if worst.state in _HOLDS or not any(each.state in _HOLDS for _, each in told):
        return worst
    return replace(worst, lacks=title)


def _the_worst_list(told: Sequence[tuple[str, list[Counted]]]) -> list[Counted]:
    title, worst = min(told, key=lambda each: (-_days_lost(each[1]), each[1] == []))
    if all(listed == worst for _, listed in told):
        return worst
    return [replace(each, lacks=title) if each.is_hole and each.performed is None else each for each in worst]


def _days_lost(listed: Sequence[Counted]) -> int:
    return sum((each.block.last - each.block.first).days + 1 for each in listed if each.is_hole)
