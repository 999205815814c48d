"""What coverage is counted from, and what it comes to, as values: terms, what is shown, and an interval that was counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from compliance.intervals.blocks import Block, grace_of
from compliance.intervals.cadence import Cadence
from compliance.intervals.changing import Turn

from ..intervals import State

Stretch = tuple[date, date]


class Way(StrEnum):
    """How a programme counts."""

    BLOCKS = "blocks"
    GAPS = "gaps"
    ONE_DAY = "one_day"


@dataclass(frozen=True)
class Later:
    """A cadence that holds from a day within the period on. `after`: as of Terms."""

    first: date
    cadence: Cadence | int
    after: int | None = None


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
    later: tuple[Later, ...] = ()

    @property
    def grace(self) -> int:
        """Days after an interval's end in which a performance still counts."""
        return _grace(self.way, self.cadence, self.after)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every cadence with the first day on which it holds."""
        return Turn(self.period[0], self.cadence), *(Turn(each.first, each.cadence) for each in self.later)

    def grace_from(self, first: date) -> int:
        """The grace of the cadence that holds from a day on."""
        turn = next((each for each in self.later if each.first == first), None)
        return self.grace if turn is None else _grace(self.way, turn.cadence, turn.after)


def _grace(way: Way, cadence: Cadence | int, after: int | None) -> int:
    if way != Way.BLOCKS:
        return 0
    return grace_of(cadence) if after is None else after


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
    the performance to the interval's beginning, where the audit firm allows that. `cadence`: by which it was counted, where
    that turned within the period. `lacks`: the list that is not there, where others that the requirement needs are."""

    block: Block
    state: State
    closes: date
    performed: date | None = None
    key: Any = field(default=None, compare=False)
    late_by: int = 0
    early_by: int = 0
    cadence: Cadence | int | None = None
    lacks: str = field(default="", compare=False)

    @property
    def is_hole(self) -> bool:
        """Nothing fills it, and its time is over, or nobody could look."""
        return self.state in (State.MISSED, State.UNKNOWN)
