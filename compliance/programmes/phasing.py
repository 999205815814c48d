"""The five phases, worked back from the day the auditor comes. Pure: dates in, dates out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .models import Phase, PhaseKind

#: Days that each phase takes when there is time, and the least that it can be done in. Defaults to be argued with:
#: the pre-audit review begins 60 days before fieldwork, where the readiness reports begin to count.
USUAL: dict[PhaseKind, int] = {
    PhaseKind.SCOPING: 28, PhaseKind.ASSESSMENT: 42, PhaseKind.REMEDIATION: 120, PhaseKind.PRE_AUDIT: 60,
}  # fmt: skip
LEAST: dict[PhaseKind, int] = {
    PhaseKind.SCOPING: 7, PhaseKind.ASSESSMENT: 14, PhaseKind.REMEDIATION: 28, PhaseKind.PRE_AUDIT: 14,
}  # fmt: skip
FIELDWORK_DAYS = 42  # fieldwork and the report are commonly four to six weeks


class PhaseState(StrEnum):
    """Where a phase stands by its dates alone; whether it is done follows from facts that live above."""

    TO_COME = "to_come"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class Span:
    """From the first day to the last, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Plan:
    """Proposed phases. `should_begin_on` is when the first would begin at the usual lengths; `shortened` says that
    there was less time; `can_be_met` that each phase still has the least that it needs."""

    spans: Mapping[PhaseKind, Span]
    should_begin_on: date
    shortened: bool
    can_be_met: bool


def phase_state(phase: Phase, today: date) -> PhaseState:
    """Where a phase stands on a day."""
    if today < phase.starts_on:
        return PhaseState.TO_COME
    return PhaseState.RUNNING if today <= phase.ends_on else PhaseState.OVER


def propose(*, fieldwork_start: date, fieldwork_end: date | None, today: date) -> Plan:
    """Phases that end the day before fieldwork and begin when they should, or today where that has passed.

    With less time than usual every phase gives way in proportion; with less than the least, the least is proposed
    and begins in the past, which says that the date cannot be met.
    """
    should_begin = fieldwork_start - timedelta(days=sum(USUAL.values()))
    days_left = (fieldwork_start - today).days
    can_be_met = days_left >= sum(LEAST.values())
    shortened = should_begin < today
    lengths = USUAL if not shortened else (_fitted(days_left) if can_be_met else LEAST)
    spans = {}
    starts_on = fieldwork_start - timedelta(days=sum(lengths.values()))
    for kind, days in lengths.items():
        spans[kind] = Span(starts_on, starts_on + timedelta(days=days - 1))
        starts_on += timedelta(days=days)
    spans[PhaseKind.AUDIT] = Span(
        fieldwork_start, fieldwork_end or fieldwork_start + timedelta(days=FIELDWORK_DAYS - 1)
    )
    return Plan(spans, should_begin, shortened, can_be_met)


def _fitted(days: int) -> dict[PhaseKind, int]:
    """Lengths that sum to `days`, each at least its least, the rest shared as the usual lengths are."""
    spare = days - sum(LEAST.values())
    wish = {kind: USUAL[kind] - LEAST[kind] for kind in USUAL}
    lengths = {kind: LEAST[kind] + spare * wish[kind] // sum(wish.values()) for kind in USUAL}
    lengths[PhaseKind.REMEDIATION] += days - sum(lengths.values())  # what rounding left over
    return lengths


def shortcomings(phases: list[Phase], *, fieldwork_start: date | None, begun_on: date) -> list[str]:
    """What is wrong with planned dates, as sentences: begun before there was a programme, too short, or running into
    fieldwork."""
    found = []
    for phase in phases:
        kind = PhaseKind(phase.kind)
        days = (phase.ends_on - phase.starts_on).days + 1
        if phase.starts_on < begun_on and kind is PhaseKind.SCOPING:
            late = (begun_on - phase.starts_on).days
            found.append(f"{kind.label} would have had to begin {late} days before the programme did.")
        if days < LEAST.get(kind, 0):
            found.append(f"{kind.label} has {days} days; {LEAST[kind]} is the least that it takes.")
        if kind is not PhaseKind.AUDIT and fieldwork_start and phase.ends_on >= fieldwork_start:
            found.append(f"{kind.label} is still running when fieldwork starts.")
    return found
