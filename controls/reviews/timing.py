"""When a review opens, falls due, is brought before the managers and is over. Pure; all days are local."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from compliance.intervals.blocks import DAY, Block, grace_of, whole_blocks
from compliance.intervals.cadence import Cadence, step_of

#: Longest time before its last day from which a review asks to be answered.
LONGEST_NOTICE = 30


@dataclass(frozen=True)
class Timetable:
    """The days of one review; `closes_on` is the last on which an answer still counts."""

    covers_from: date
    remind_from: date
    due_on: date
    escalates_on: date
    closes_on: date


def cadence_of(frequency: str) -> Cadence | None:
    """How often a control of a frequency is reviewed: as often as it is performed; quarterly where it runs all the time or
    when something happens (docs/decisions/0007). None where no frequency is said."""
    if not frequency:
        return None
    cadence = Cadence(frequency)
    return Cadence.QUARTERLY if cadence in (Cadence.CONTINUOUS, Cadence.ON_EVENT) else cadence


def timetables(begins_on: date, cadence: Cadence, *, on: date) -> Iterator[Timetable]:
    """Every review whose block has begun by a day, in order, counted from the plan's first day."""
    step = step_of(cadence)
    if step is None:
        raise ValueError(f"{cadence} has no blocks")
    for block in whole_blocks(begins_on, step, on=on):
        yield timetable(block, cadence)


def timetable(block: Block, cadence: Cadence) -> Timetable:
    """The days of the review of a block. It asks in the last fifth of the block (as evidence is due soon), and goes to the
    managers once half of the grace is gone, the odd day rounded up."""
    notice = min(LONGEST_NOTICE, max(1, block.days // 5), block.days // 2)
    grace = grace_of(cadence)
    return Timetable(
        block.first, block.last - notice * DAY, block.last, block.last + timedelta(days=(grace + 1) // 2),
        block.last + timedelta(days=grace),
    )  # fmt: skip


def half_gone(covers_from: date, due_on: date, on: date) -> bool:
    """Whether at least half of a block lies before a day: a remnant of that length is still asked of (definitions,
    Intervals)."""
    return (on - covers_from).days * 2 >= (due_on - covers_from).days + 1
