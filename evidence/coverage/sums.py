"""What is kept of a requirement's intervals: how many of each state, the first hole, and the strip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from ..intervals import State
from .facts import Seen
from .models import Worst
from .strips import runs_of

#: The worst first; what holds none of them has nothing expected of it.
_ORDER = (State.MISSED, State.UNKNOWN, State.LATE, State.OPEN, State.TO_COME, State.FILLED)


def summed(intervals: Sequence[Seen], on: date) -> dict[str, Any]:
    """What is kept of a requirement's intervals."""
    sums = Counter(each.counted.state for each in intervals)
    holes = [each.counted.block.first for each in intervals if each.counted.is_hole]
    waiting = [each.until for each in intervals if each.until is not None and each.counted.state != State.MISSED]
    worst = next((state.value for state in _ORDER if sums[state]), Worst.NOTHING.value)
    return {
        "on": on, "worst": worst, **{state.value: sums[state] for state in _ORDER},
        "lost": sum(each.lost for each in intervals), "mitigated": sum(bool(each.mitigated_by) for each in intervals),
        "first_hole": min(holes, default=None), "closes": _known(min(waiting, default=None)),
        "strip": [run.kept() for run in runs_of(intervals)],
    }  # fmt: skip


def _known(day: date | None) -> date | None:
    return None if day == date.max else day
