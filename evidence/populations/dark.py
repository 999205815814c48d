"""Parts of a look that could not be read: a region, an account. What is not there may lie in them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.checks.base import Row

from .given import Look
from .spans import Hole, Period


def is_dark(row: Row) -> bool:
    """A row that stands for a part that could not be read."""
    return "$unknown" in row


def dark_parts(kind: str, looks: Sequence[Look], period: Period) -> Iterator[Hole]:
    """From each look that could not see a part to the next one."""
    for place, look in enumerate(looks):
        until = looks[place + 1].at if place + 1 < len(looks) else period.ends
        starts, ends = max(look.at, period.starts), min(until, period.ends)
        for row in look.rows:
            if is_dark(row) and starts < ends:
                why = str(row["$unknown"]).replace("_", " ")
                yield Hole(starts, ends, f"{kind}: {row.get('arn')} could not be read ({why}).")
