"""Intervals of the period in which something was to be performed and nothing shows that it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from compliance.programmes.models import Programme
from compliance.tenancy.rooms import here
from compliance.web.words import day
from evidence.coverage.models import Coverage
from evidence.coverage.strips import Run, read
from evidence.coverage.words import label_of, to_do, until
from evidence.intervals import State
from evidence.models import EvidenceRequirement

#: What comes at least every week is one cause, however many of its days are lost; each stretch of them is an occurrence.
_OFTEN = frozenset({"continuous", "daily", "weekly"})


@dataclass(frozen=True)
class Missed:
    """What one gap is about: an interval by itself, or all that was missed of what comes often. `runs` are in order."""

    requirement: EvidenceRequirement
    programme: Programme
    runs: tuple[Run, ...]
    often: bool

    @property
    def subject(self) -> str:
        """What the gap is known by: the requirement, and the interval's first day; its last may still move."""
        ref = self.requirement.ref
        return ref if self.often else f"{ref} {self.runs[0].first.isoformat()}"

    @property
    def title(self) -> str:
        """`Q2 2026: Signed access review missing`."""
        first = label_of(self.runs[0].first, self.runs[0].last)
        if len(self.runs) == 1:
            return f"{first}: {self.requirement.title} missing"[:300]
        return f"{self.requirement.title}: {len(self.runs)} stretches missing, the first {first}"[:300]

    @property
    def intervals(self) -> int:
        return sum(run.intervals for run in self.runs)

    @property
    def cause(self) -> str:
        """What was to be shown and was not, and whether anything can still fill it."""
        control = self.requirement.control.ref
        if len(self.runs) > 1:
            lost = sum(run.intervals for run in self.runs if run.lost)
            said = f"{self._who} that {control} was performed in {self.intervals} intervals of the period of {self.programme.name}."
            return f"{said} {lost} of them are over and cannot be recovered."
        run = self.runs[0]
        said = f"{self._who} that {control} was performed {_days(run)}, in the period of {self.programme.name}."
        if run.performed:
            said = f"{said[:-1]} in time; it was performed on {day(run.performed)}."
        return f"{said} {_fate(run)}"

    @property
    def _who(self) -> str:
        """What does not show it: nothing does, or one of several lists that are needed does not."""
        lacks = {run.lacks for run in self.runs}
        if lacks == {""}:
            return "Nothing shows"
        return f"“{lacks.pop()}” does not show" if len(lacks) == 1 else "Not every list that is needed shows"

    @property
    def remedy(self) -> str:
        return to_do(self.runs[-1], self.requirement)

    @property
    def occurrences(self) -> dict[str, str]:
        """Each stretch by its name, with what became of it."""
        return {label_of(run.first, run.last): _fate(run) for run in self.runs}

    @property
    def over_at(self) -> datetime:
        """The instant at which the last of it was over: what the gap stands on."""
        return _end_of(self.runs[-1].last)

    @property
    def since(self) -> datetime:
        return _end_of(self.runs[0].last)


def missed() -> Iterator[Missed]:
    """By requirement: each interval of a programme under way that was missed; of what comes often all of it at once. What a
    retired control missed while it was in use is among them: it is counted, so it is a gap. One query."""
    rows = Coverage.objects.filter(missed__gt=0, programme__closed_at__isnull=True)
    rows = rows.select_related("requirement__control", "requirement__owner", "programme").order_by("requirement__ref", "programme_id")
    for _, counted in groupby(rows, key=lambda row: row.requirement_id):
        yield from _of_requirement(list(counted))


def _of_requirement(rows: list[Coverage]) -> Iterator[Missed]:
    """An interval that two programmes lost from the same day on was lost once. Each goes by the cadence that it was counted by:
    what was lost of what came weekly stays one gap, whatever it is asked for since."""
    requirement = rows[0].requirement
    found: dict[bool, dict[date, tuple[Programme, Run]]] = {True: {}, False: {}}
    for row in rows:
        runs = [read(kept) for kept in row.strip]
        often = [run for run in runs if (run.cadence or requirement.cadence) in _OFTEN]
        seldom = [run for run in runs if (run.cadence or requirement.cadence) not in _OFTEN and run.state == State.MISSED]
        for kind, each in (*((True, run) for run in _on_end(often)), *((False, run) for run in seldom)):
            found[kind].setdefault(each.first, (row.programme, each))
    listed = [found[True][first] for first in sorted(found[True])]
    if listed:
        yield Missed(requirement, listed[0][0], tuple(run for _, run in listed), often=True)
    for first in sorted(found[False]):
        programme, run = found[False][first]
        yield Missed(requirement, programme, (run,), often=False)


def _on_end(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that were missed as one, whether or not some of them can still be read back."""
    for state, group in groupby(runs, key=lambda run: run.state):
        if state != State.MISSED:
            continue
        held = list(group)
        by, lacks = {run.mitigated_by for run in held}, {run.lacks for run in held}
        yield held[0] if len(held) == 1 else Run(
            held[0].first, held[-1].last, State.MISSED.value, sum(run.intervals for run in held),
            until=max(filter(None, (run.until for run in held)), default=None), lost=all(run.lost for run in held),
            mitigated_by=by.pop() if len(by) == 1 else "", lacks=lacks.pop() if len(lacks) == 1 else "",
        )  # fmt: skip


def _days(run: Run) -> str:
    return f"on {day(run.first)}" if run.first == run.last else f"from {day(run.first)} to {day(run.last)}"


def _fate(run: Run) -> str:
    if run.mitigated_by:
        return f"It is lost, mitigated: {run.mitigated_by} operated over the same days."
    if run.lost:
        return "It is over and cannot be recovered."
    return f"It can still be read back from its source{'' if run.until == date.max else ' until'} {until(run)}."


def _end_of(last: date) -> datetime:
    return datetime.combine(last, time(23, 59, 59), ZoneInfo(here().timezone))
