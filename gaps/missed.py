"""Intervals of the period in which something was to be performed and nothing shows that it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from compliance.tenancy.rooms import here
from compliance.web.words import day
from controls.models import Implementation
from evidence.coverage.models import Coverage
from evidence.coverage.strips import Run, read
from evidence.coverage.words import label_of, to_do, until
from evidence.intervals import State

#: What comes at least every week and is lost for several intervals on end was lost once.
_OFTEN = frozenset({"continuous", "daily", "weekly"})


def missed_runs() -> Iterator[tuple[Coverage, Run]]:
    """By requirement: each interval of a programme under way that was missed; of what comes often, those on end as one. One
    query."""
    rows = Coverage.objects.filter(missed__gt=0, programme__closed_at__isnull=True)
    rows = rows.exclude(requirement__control__implementation=Implementation.RETIRED)
    for row in rows.select_related("requirement__control", "requirement__owner", "programme").order_by("requirement__ref", "programme_id"):
        runs = [read(kept) for kept in row.strip]
        for run in _on_end(runs) if row.requirement.cadence in _OFTEN else (each for each in runs if each.state == State.MISSED):
            yield row, run


def _on_end(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that were missed as one, whether or not some of them can still be read back."""
    last: Run | None = None
    for each in runs:
        if each.state == State.MISSED and last is not None:
            last = last._replace(
                last=each.last, intervals=last.intervals + each.intervals, performed=None, until=last.until or each.until,
                lost=last.lost and each.lost, mitigated_by=last.mitigated_by if last.mitigated_by == each.mitigated_by else "",
            )  # fmt: skip
        elif each.state == State.MISSED:
            last = each
        elif last is not None:
            yield last
            last = None
    if last is not None:
        yield last


def subject_of(row: Coverage, run: Run) -> str:
    """What a gap of it is known by: the requirement and the first day. How far it reaches may still grow."""
    return f"{row.requirement.ref} {run.first.isoformat()}"


def title_of(row: Coverage, run: Run) -> str:
    """`Q2 2026: Signed access review missing`."""
    return f"{label_of(run.first, run.last)}: {row.requirement.title} missing"[:300]


def cause_of(row: Coverage, run: Run) -> str:
    """What was to be shown and was not, and whether anything can still fill it."""
    days = f"on {day(run.first)}" if run.first == run.last else f"from {day(run.first)} to {day(run.last)}"
    said = f"Nothing shows that {row.requirement.control.ref} was performed {days}, in the period of {row.programme.name}."
    if run.performed:
        said = f"{said[:-1]} in time; it was performed on {day(run.performed)}."
    if run.mitigated_by:
        return f"{said} It is lost, mitigated: {run.mitigated_by} operated over the same days."
    if run.lost:
        return f"{said} It is over and cannot be recovered."
    return f"{said} It can still be read back from its source{'' if until(run).startswith('as') else ' until'} {until(run)}."


def remedy_of(row: Coverage, run: Run) -> str:
    return to_do(run, row.requirement)


def over_at(run: Run) -> datetime:
    """The instant at which its days were over: what a gap of it stands on."""
    return datetime.combine(run.last, time(23, 59, 59), ZoneInfo(here().timezone))
