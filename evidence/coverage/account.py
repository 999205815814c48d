"""One requirement's period, interval by interval: the account that its page gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from compliance.programmes.models import Programme
from compliance.tenancy.rooms import here
from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale
from controls.stood import Away

from ..intervals import State
from ..models import EvidenceRequirement
from .drawing import drawn, scale_of
from .facts import Facts
from .looks import Refusal
from .selectors import programmes_counted
from .strips import Run, runs_of
from .terms import Period
from .words import how_often, label_of, to_do, until


@dataclass(frozen=True)
class Row:
    """One interval, or neighbours in one state, with why it could not be looked at and what can be done."""

    run: Run
    refusal: Refusal | None
    do: str

    @property
    def name(self) -> str:
        return label_of(self.run.first, self.run.last)

    @property
    def until(self) -> str:
        return until(self.run)


@dataclass(frozen=True)
class Account:
    """A requirement in one programme. `known`: the programmes that count it can be asked about in. `retired_on`: the day on
    which its control was; its intervals end before it. `away`: retirements that it was taken up again from, whose days count."""

    requirement: EvidenceRequirement
    programme: Programme
    period: Period
    runs: tuple[Run, ...]
    rows: tuple[Row, ...]
    known: tuple[Programme, ...] = field(default=())
    retired_on: date | None = None
    away: tuple[Away, ...] = ()

    @cached_property
    def scale(self) -> Scale:
        return scale_of(self.period.span, [self.runs])

    @property
    def drawn(self) -> list[Interval]:
        return drawn(self.runs, self.scale, here().slug, self.requirement.pk)

    @property
    def how_often(self) -> str:
        return how_often(self.runs, self.requirement)

    @property
    def lost(self) -> int:
        return sum(run.intervals for run in self.runs if run.lost)


def account_of(requirement: EvidenceRequirement, programme: str = "", *, on: date | None = None) -> Account | None:
    """The account for the programme with this id, else for the one that began first. None where nothing is expected."""
    known = programmes_counted() if requirement.cadence else []
    if not known:
        return None
    found, period = next((pair for pair in known if str(pair[0].pk) == programme), known[0])
    facts = Facts([period], [requirement], on=on)
    runs = tuple(runs_of(facts.intervals(found, requirement, period)))
    if not runs:
        return None
    rows = tuple(Row(run, _refusal(facts, requirement, run), to_do(run, requirement)) for run in runs)
    operating, control = facts.operating, requirement.control
    return Account(
        requirement, found, period, runs, rows, tuple(each for each, _ in known), operating.retired_on(control),
        operating.away(control, period.span),
    )  # fmt: skip


def _refusal(facts: Facts, requirement: EvidenceRequirement, run: Run) -> Refusal | None:
    """Why nobody could look; asked only of what is not filled."""
    if run.state not in (State.UNKNOWN, State.MISSED, State.OPEN):
        return None
    return facts.refused_in(requirement, run.first, run.last, run.lacks)
