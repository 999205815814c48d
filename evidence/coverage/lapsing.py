"""PCI DSS: from each performance to the next, with no more days between than may pass, and no grace. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from compliance.intervals.blocks import DAY, Block
from compliance.intervals.cadence import Cadence
from compliance.intervals.changing import spans_of

from ..intervals import LONGEST_GAP, State
from .showing import Counted, Shown, Stretch, Terms


def longest_gap(cadence: Cadence | int) -> int | None:
    """The most days that PCI DSS lets pass since the last performance; None for what follows events. A cadence that it
    does not know is as long as on the longest calendar."""
    if isinstance(cadence, int):
        return cadence
    if cadence == Cadence.TWO_YEARS:
        return 731
    return LONGEST_GAP.get(cadence)


def by_gaps(terms: Terms, shown: Shown, on: date) -> list[Counted]:
    """From each performance to the next. Counting begins anew with each stretch, as if something had been performed on
    its first day; never with another cadence, by which the days since the last performance are measured from its first day."""
    found = [each for stretch in terms.stretches for each in _of_stretch(terms, stretch, shown, on)]
    if not terms.later:
        return found
    turns = terms.turns
    return [replace(each, cadence=[turn for turn in turns if turn.first <= each.block.first][-1].cadence) for each in found]


@dataclass(frozen=True)
class _Limits:
    """How many days may pass, from which day on: in order, and at least one."""

    steps: tuple[tuple[date, int], ...]

    def due(self, last: date, since: date) -> date:
        """The last day from `since` on up to which nothing is too late after `last`; the day before `since` where it is
        too late already."""
        if len(self.steps) == 1:  # the usual case, thousands of times
            return max(last + timedelta(days=self.steps[0][1]), since - DAY)
        for number, (first, most) in enumerate(self.steps):
            ends = self.steps[number + 1][0] - DAY if number + 1 < len(self.steps) else date.max
            if ends < since:
                continue
            begins = max(first, since)
            if last + timedelta(days=most) < begins:
                return begins - DAY
            if last + timedelta(days=most) < ends:
                return last + timedelta(days=most)
        raise AssertionError("the last step has no end")

    def again(self, last: date, after: date, until: date) -> date | None:
        """The first day behind `after` on which a longer cadence makes what was too late be in time again."""
        return next((first for first, most in self.steps if after < first <= until and (first - last).days <= most), None)


def _of_stretch(terms: Terms, stretch: Stretch, shown: Shown, on: date) -> Iterator[Counted]:
    """The days on which it followed events alone ask nothing; the clock runs on through them."""
    start, end = stretch
    keys: dict[date, Any] = {}
    for item in shown.items:
        if start <= item.day <= min(on, end):
            keys.setdefault(item.day, item.key)
    last: date | None = None
    for (first, ends), limits in _asking(terms, stretch):
        last = max((day for day in keys if day < first), default=last)
        yield from _Walk(limits, first, ends, last or first).intervals(keys, shown, on)
        last = last or first


def _asking(terms: Terms, stretch: Stretch) -> list[tuple[Stretch, _Limits]]:
    """The days in a row of a stretch on which a number of days may pass, with these numbers."""
    found: list[tuple[Stretch, list[tuple[date, int]]]] = []
    for turn, last in spans_of(terms.turns, terms.period[1]):
        first, last = max(turn.first, stretch[0]), min(last, stretch[1])
        most = longest_gap(turn.cadence)
        if most is None or first > last:
            continue
        if found and found[-1][0][1] + DAY == first:
            found[-1] = ((found[-1][0][0], last), [*found[-1][1], (first, most)])
        else:
            found.append(((first, last), [(first, most)]))
    return [(days, _Limits(tuple(steps))) for days, steps in found]


@dataclass
class _Walk:
    """Through days in a row: `first` is the first that belongs to no interval yet, `last` when it was last performed."""

    limits: _Limits
    first: date
    end: date
    last: date

    def intervals(self, keys: dict[date, Any], shown: Shown, on: date) -> Iterator[Counted]:
        own = {day: key for day, key in keys.items() if self.first <= day <= self.end}
        bare = not keys
        for day in sorted(own):
            yield from self._lapsed(day)
            due = self.limits.due(self.last, self.first)
            late = max(0, (day - due).days)
            yield Counted(Block(self.first, day), State.MISSED if late else State.FILLED, due, day, own[day], late_by=late)
            self.first, self.last = day + DAY, day
        if self.first > self.end:
            return
        for each in self._lapsed(min(on, self.end)):
            bare = False
            yield each
        due = self.limits.due(self.last, self.first)
        if due < self.end or bare:  # else the days that are left are fewer than may pass
            yield self._waiting(min(due, self.end), shown, on)
        yield from self._to_come()

    def _lapsed(self, day: date) -> Iterator[Counted]:
        """What was missed by `day` and came to an end because a longer cadence took its place."""
        if len(self.limits.steps) == 1:
            return
        while (due := self.limits.due(self.last, self.first)) < day:
            again = self.limits.again(self.last, due + DAY, day)
            if again is None:
                return
            ended = again - DAY
            yield Counted(Block(self.first, ended), State.MISSED, due, late_by=(ended - due).days)
            self.first = again

    def _waiting(self, closes: date, shown: Shown, on: date) -> Counted:
        found = pending(self.first, closes, shown, on)
        reaches = max(found.block.last, self.first)
        ends = min(max(on, reaches), self.end) if found.state == State.MISSED else reaches
        self.first, self.last = ends + DAY, ends
        return replace(found, block=Block(found.block.first, ends))

    def _to_come(self) -> Iterator[Counted]:
        while self.first <= self.end:
            due = self.limits.due(self.last, self.first)
            whole = due < self.end
            ends = due if whole else self.end
            yield Counted(Block(self.first, ends, expected=whole), State.TO_COME if whole else State.NOT_EXPECTED, ends)
            self.first, self.last = ends + DAY, ends


def pending(first: date, closes: date, shown: Shown, on: date) -> Counted:
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
