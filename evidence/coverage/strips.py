"""Intervals as they are kept and drawn: runs, so that a year of days stays small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..intervals import State
from .facts import Seen

#: More intervals than this are kept as runs of neighbours in one state.
MOST = 60
_FOR_GOOD = "kept"


class Run(NamedTuple):
    """One interval, or `intervals` neighbours in one state.

    `until`: as of `facts.Seen`. `lost`: nothing can fill it any more. A run of several names no evidence. `cadence`: by which
    it was counted, where that turned within the period. `lacks`: the list that is not there, where others are.
    """

    first: date
    last: date
    state: str
    intervals: int = 1
    performed: date | None = None
    late_by: int = 0
    early_by: int = 0
    until: date | None = None
    lost: bool = False
    mitigated_by: str = ""
    artefact: str = ""
    ref: str = ""
    number: int = 0
    cadence: str = ""
    lacks: str = ""

    @property
    def is_hole(self) -> bool:
        return self.state in (State.MISSED, State.UNKNOWN)

    def kept(self) -> list[Any]:
        """As it is stored; what is at the end and says nothing is left out."""
        until = _FOR_GOOD if self.until == date.max else self.until.isoformat() if self.until else None
        row = [
            self.first.isoformat(), self.last.isoformat(), str(self.state), self.intervals,
            self.performed.isoformat() if self.performed else None, self.late_by, self.early_by, until, self.lost,
            self.mitigated_by, self.artefact, self.ref, self.number, self.cadence,
            self.lacks,
        ]  # fmt: skip
        while len(row) > 4 and not row[-1]:
            row.pop()
        return row


def read(kept: Sequence[Any]) -> Run:
    """A run as it was stored."""
    row = [*kept, *_NOTHING[len(kept):]]
    until = date.max if row[7] == _FOR_GOOD else _day(row[7])
    return Run(
        date.fromisoformat(row[0]), date.fromisoformat(row[1]), row[2], row[3], _day(row[4]), row[5], row[6], until, *row[8:]
    )


_NOTHING: list[Any] = ["", "", "", 1, None, 0, 0, None, False, "", "", "", 0, "", ""]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def run_of(seen: Seen) -> Run:
    """One interval by itself."""
    each = seen.counted
    run = Run(
        each.block.first, each.block.last, each.state.value, 1, each.performed, each.late_by, each.early_by, seen.until,
        seen.lost, seen.mitigated_by, cadence="" if each.cadence is None else str(each.cadence),
        lacks=each.lacks,
    )  # fmt: skip
    if each.key is None:
        return run
    return run._replace(artefact=str(each.key.artefact), ref=each.key.ref, number=each.key.number)


def runs_of(intervals: Sequence[Seen]) -> list[Run]:
    """Each interval by itself; of many, neighbours of one kind as one run."""
    single = [run_of(each) for each in intervals]
    return joined(single) if len(single) > MOST else single


def _alike(run: Run) -> tuple[str, bool, str, str, str]:
    return run.state, run.lost, run.mitigated_by, run.cadence, run.lacks


def joined(single: Iterable[Run]) -> list[Run]:
    """Neighbours in one state, lost or not alike, as one run without evidence."""
    runs: list[Run] = []
    for each in single:
        last = runs[-1] if runs else None
        if last and _alike(last) == _alike(each):
            until = min(filter(None, (last.until, each.until)), default=None)
            runs[-1] = Run(
                last.first, each.last, each.state, last.intervals + 1, until=until, lost=each.lost, mitigated_by=each.mitigated_by,
                cadence=each.cadence, lacks=each.lacks,
            )  # fmt: skip
        else:
            runs.append(each)
    return runs
