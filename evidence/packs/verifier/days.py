"""The days of checkpoints, which no signature holds: told by the database, they have to go with those of the leaves, which are hashed."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from itertools import accumulate

from .bag import Tell

#: Days by which two machines' clocks, or a receipt that crosses midnight, may differ.
APART = 1


def day_of(text: object) -> int | None:
    """The number of the day that a moment begins with; None where it begins with none."""
    found = re.match("([0-9]{4})-([0-9]{2})-([0-9]{2})", text) if isinstance(text, str) else None
    try:
        return date(*map(int, found.groups())).toordinal() if found else None
    except ValueError:
        return None


def check_days(days: dict[int, str], entered: dict[int, int], tell: Tell) -> None:
    """Hold the day on which each checkpoint is said to have been signed against the checkpoints and leaves around it. `days`: by
    size of a checkpoint, in words; `entered`: by index of a leaf of the pack, the number of its day."""
    told = [(size, days[size], day) for size in sorted(days) for day in [day_of(days[size])] if day is not None]
    leaves = sorted(entered)
    newest = list(accumulate((entered[index] for index in leaves), max, initial=0))
    oldest = list(accumulate((entered[index] for index in reversed(leaves)), min, initial=date.max.toordinal()))[::-1]
    before: tuple[int, str, int] | None = None
    for size, said, day in told:
        wrong, at = "", bisect_left(leaves, size)
        if newest[at] > day + APART:
            held = next(index for index in leaves if entered[index] > day + APART)
            wrong = f"holds leaf {held}, which was entered after it"
        elif oldest[at] < day - APART:
            later = next(index for index in leaves[at:] if entered[index] < day - APART)
            wrong = f"does not hold leaf {later}, which was entered before it"
        elif before is not None and before[2] > day + APART:
            wrong = f"holds that of {before[0]}, which is said to have been signed on {before[1]}"
        if wrong:
            tell("data/pack.json", f"says that the checkpoint of {size} leaves was signed on {said}, and it {wrong}")
        else:
            before = (size, said, day)
