"""Coverage as lines of a spreadsheet: what the page shows, a line for each requirement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from compliance.programmes.models import Programme

from .terms import Period
from .words import label_of, until
from .year import Line

HEAD = (
    "Programme", "From", "To", "Requirement", "Title", "Control", "Criteria", "Owner", "How often", "Expected", "Filled", "Late",
    "Missed", "Unknown", "Open", "To come", "Lost", "Mitigated", "First hole", "Can be filled until", "Holes", "Control retired",
    "Stood as retired, counted",
)  # fmt: skip
WIDTHS = (24, 12, 12, 12, 44, 10, 20, 22, 12, 9, 8, 8, 8, 9, 8, 8, 8, 9, 12, 18, 60, 12, 26)


def lines_of(lines: Iterable[Line], programme: Programme, period: Period) -> Iterator[list[Any]]:
    """A line per requirement, in the order given. Counts are numbers, days are ISO text."""
    for line in lines:
        row, requirement = line.coverage, line.requirement
        yield [
            programme.name, period.first.isoformat(), period.last.isoformat(), requirement.ref, requirement.title,
            line.control.ref, ", ".join(line.criteria), line.owner.name if line.owner else "", line.how_often,
            row.expected, row.filled, row.late, row.missed, row.unknown, row.open, row.to_come, row.lost, row.mitigated,
            row.first_hole.isoformat() if row.first_hole else "", row.closes.isoformat() if row.closes else "",
            "; ".join(_hole(run) for run in line.holes), line.retired_on.isoformat() if line.retired_on else "",
            "; ".join(f"{each.first} to {each.last}" for each in line.away),
        ]  # fmt: skip


def _hole(run: Any) -> str:
    name, lacks = label_of(run.first, run.last), f", for want of “{run.lacks}”" if run.lacks else ""
    if run.state == "unknown":
        return f"{name}: unknown, until {until(run)}{lacks}"
    mitigated = f", mitigated by {run.mitigated_by}" if run.mitigated_by else ""
    return f"{name}: {'lost' if run.lost else 'missed'}{mitigated}{lacks}"
