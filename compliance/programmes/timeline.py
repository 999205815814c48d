"""A programme's timing: its rows turned into the facts that `timing` works on, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .conditions import PhaseExit, exits_of, work_of
from .kinds import CATEGORIES
from .models import PaceSetting, Programme, ProgrammeKind
from .operations import operations_of
from .selectors import last_covered_before, phases
from .timing import Advice, Aim, Move, Option, Pace, Work, advise, moves, options
from .timing.advice import window_before

_LOOKS_BACK = {
    ProgrammeKind.ISO_STAGE_2: "window.iso_stage_2", ProgrammeKind.ISO_SURVEILLANCE: "window.iso_surveillance",
    ProgrammeKind.ISO_RECERTIFICATION: "window.iso_recertification", ProgrammeKind.PCI: "window.pci",
}  # fmt: skip


@dataclass(frozen=True)
class Timeline:
    """All that the page of timing says. `advice` None: the days that it would work back from are not set."""

    aim: Aim | None
    advice: Advice | None
    moves: tuple[Move, ...]
    options: tuple[Option, ...]
    exits: tuple[PhaseExit, ...]
    work: Work
    pace: Pace
    controls_known: bool


def pace() -> Pace:
    """The lengths in force in this organisation."""
    return Pace({each.key: (each.least, each.usual) for each in PaceSetting.objects.all()})


def timeline_of(programme: Programme, today: date) -> Timeline:
    """Work a programme's dates back, as of a day where the organisation is."""
    lengths = pace()
    exits = exits_of(programme)
    work = work_of(exits, phases(programme), today)
    offered = options(today, work=work, pace=lengths) if programme.is_soc2_kind else []
    aim = aim_of(programme, lengths)
    controls = operations_of(programme)
    if aim is None:
        return Timeline(None, None, (), tuple(offered), tuple(exits), work, lengths, controls is not None)
    advice = advise(aim, today, work=work, controls=controls, pace=lengths)
    chosen = {key: label for key, label in CATEGORIES if key in programme.categories}
    helped = moves(
        aim, advice, work=work, controls=controls, pace=lengths, categories=chosen,
        look_back=0 if aim.period else look_back_of(programme, lengths),
    )  # fmt: skip
    return Timeline(aim, advice, tuple(helped), tuple(offered), tuple(exits), work, lengths, controls is not None)


def look_back_of(programme: Programme, lengths: Pace) -> int:
    """The months before fieldwork that an examination without an agreed period looks at; 0 where it looks at a day."""
    key = _LOOKS_BACK.get(ProgrammeKind(programme.kind))
    return lengths[key].least if key else 0


def aim_of(programme: Programme, lengths: Pace) -> Aim | None:
    """What the programme aims at; None where a day is missing that everything is counted from."""
    starts, ends = programme.period_start, programme.period_end
    fieldwork = programme.fieldwork_start or (ends + timedelta(days=1) if ends else None)
    if fieldwork is None:
        return None
    if programme.kind == ProgrammeKind.SOC2_TYPE_1:
        return Aim(fieldwork, programme.as_of, programme.as_of, point=True) if programme.as_of else None
    if starts and ends:
        return Aim(fieldwork, starts, ends, period=True, previous=last_covered_before(programme))
    months = look_back_of(programme, lengths)
    if months:
        return Aim(fieldwork, *window_before(fieldwork, months))
    return None if programme.kind == ProgrammeKind.SOC2_TYPE_2 else Aim(fieldwork, fieldwork, fieldwork, point=True)
