"""Intervals in words: what one is called, what became of it, and what can still be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from compliance.intervals.words import days_of
from compliance.web.words import day
from controls.models import Implementation

from ..cadences import label_of as cadence_label
from ..intervals import State
from ..models import EvidenceRequirement, Source
from .strips import Run

_DAY = timedelta(days=1)
_SAID = {
    State.FILLED: "filled", State.LATE: "filled late", State.MISSED: "missed", State.UNKNOWN: "could not be looked at",
    State.OPEN: "open now", State.TO_COME: "to come", State.NOT_EXPECTED: "not expected",
}  # fmt: skip


def label_of(first: date, last: date) -> str:
    """What an interval is called: `Q2 2026`, `March 2026`, `2026`, `first half of 2026`; else its days."""
    whole = first.day == 1 and (last + _DAY).day == 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if whole and months == 1:
        return f"{first:%B %Y}"
    if whole and months == 3 and first.month % 3 == 1:
        return f"Q{first.month // 3 + 1} {first.year}"
    if whole and months == 6 and first.month in (1, 7):
        return f"{'first' if first.month == 1 else 'second'} half of {first.year}"
    if whole and months == 12 and first.month == 1:
        return str(first.year)
    if first == last:
        return day(first)
    if (last - first).days == 6:
        return f"week of {day(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first, year=first.year != last.year)} to {day(last)}"


def how_often(runs: Iterable[Run], requirement: EvidenceRequirement) -> str:
    """How often it was expected: `Monthly, annual since 1 Jul 2026` where that turned within the period."""
    turned = _turned(runs, requirement)
    if not turned:
        return cadence_label(requirement.cadence)
    words = [cadence_label(turned[0][1])]
    words += [f"{cadence_label(cadence).lower()} since {day(first)}" for first, cadence in turned[1:]]
    if turned[-1][1] != requirement.cadence:
        words.append(f"now {cadence_label(requirement.cadence).lower()}")
    return ", ".join(words)


def how_often_briefly(runs: Iterable[Run], requirement: EvidenceRequirement) -> tuple[str, str]:
    """What is expected last in the period, and beside it that it was not always so; for a narrow column."""
    words = [cadence_label(cadence) for _, cadence in _turned(runs, requirement)]
    stated = cadence_label(requirement.cadence)
    if not words:
        return stated, ""
    if words[-1] != stated:
        return words[-1], f"now {stated.lower()}"
    if len(words) < 2:
        return words[0], ""
    return words[-1], f"was {words[0].lower()}" if len(words) == 2 else f"{len(words) - 1} changes"


def _turned(runs: Iterable[Run], requirement: EvidenceRequirement) -> list[tuple[date, str]]:
    """From which day on each cadence was counted, in order."""
    turned: list[tuple[date, str]] = []
    for run in runs:
        cadence = run.cadence or requirement.cadence
        if not turned or turned[-1][1] != cadence:
            turned.append((run.first, cadence))
    return turned


def until(run: Run) -> str:
    """Until when something can still fill it; empty where nothing has to."""
    if run.until == date.max:
        return "as long as its source keeps it"
    return day(run.until) if run.until else ""


def fate(run: Run) -> str:
    """What became of it, and what can be done: the end of a sentence that begins with its days."""
    said = _SAID[State(run.state)]
    if run.intervals > 1:
        said = f"{run.intervals} intervals {said}"
    if run.lacks:
        said += f", for want of “{run.lacks}”"
    if run.performed:
        said += f" by {run.ref} v{run.number}" if run.ref else ""
        said += f", performed {day(run.performed)}"
    if run.state == State.LATE:
        said += f", {days_of(run.late_by)} after its end"
    elif run.state == State.MISSED and run.late_by and run.performed:
        said += f", {days_of(run.late_by)} too late"
    elif run.early_by:
        said += f", {days_of(run.early_by)} before it, as the audit firm allows"
    return said + _still(run)


def _still(run: Run) -> str:
    """Whether something can still fill it."""
    if run.mitigated_by:
        return f". Lost, mitigated: {run.mitigated_by} operated in these days"
    if run.lost:
        return ". It cannot be filled any more"
    if run.until == date.max:
        return ". It can be read back from its source"
    return f". It can be filled until {until(run)}" if run.until else ""


def sentence(run: Run) -> str:
    """One interval, or a run of them, with what is known of it."""
    return f"{day(run.first, year=run.first.year != run.last.year)} to {day(run.last)}: {fate(run)}"


def to_do(run: Run, requirement: EvidenceRequirement) -> str:
    """What whoever answers for it can do about an interval that nothing fills, or why nothing is asked; empty where there is
    nothing to do."""
    if run.state == State.NOT_EXPECTED:
        return "What is left of the interval is under half of it, and asks for nothing."
    if run.state in (State.FILLED, State.LATE, State.TO_COME):
        return ""
    collected = requirement.source == Source.COLLECTOR
    retired = requirement.control.implementation == Implementation.RETIRED
    if retired and not run.lost:
        return "Its control is retired; take it up again to bring a record of these days."
    if run.lost:
        if run.mitigated_by:
            return f"It stands as an exception of its period; {run.mitigated_by} stood in for it."
        taken_up = " Its control has to be taken up again to bring one." if retired else ""
        record = "" if collected else f" Only a record dated in these days, of something that was done, would fill it.{taken_up}"
        return f"Say in the gap why it was missed and what was changed.{record}"
    if collected and any(kind.startswith("push.") for kind in requirement.fact_kinds):
        return "Push the list again, whole." if run.state in (State.UNKNOWN, State.OPEN) else "Push it while it is fresh."
    if collected:
        if run.state == State.UNKNOWN:
            return "Put the connection right and collect again."
        return "Run the collection." if run.state == State.OPEN else "Collect again: its source still keeps these days."
    return "Perform it and bring the record."
