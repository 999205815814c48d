"""The latest day for each phase and each control, and whether the date can still be met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from compliance.tenancy.months import months_after

from .aims import Aim, Operation, Work
from .blocks import latest_start
from .notes import notes_of
from .pace import PHASES, Pace

#: The phases that come before a control can operate; the pre-audit review follows.
BEFORE = PHASES[:3]


class Verdict(StrEnum):
    """Whether a date can be met: at the usual pace, only at the least that each thing takes, or not."""

    USUAL = "usual"
    TIGHT = "tight"
    MISSED = "missed"


@dataclass(frozen=True)
class PhaseDay:
    """The last day on which a phase may start (`start_by`), the day that is advised, and the earliest on which it can
    (`can_start`), from where the work stands. `late`: the earliest is after the last. Done phases are never late."""

    kind: str
    start_by: date
    advised: date
    can_start: date
    done: bool
    late: bool


@dataclass(frozen=True)
class ControlDay:
    """The last day on which a control may begin to operate, and the day advised. `operates`: it has begun by then.
    `shorter`: it begins after the window does, so its population is shorter and the auditor is told since when."""

    control: Operation
    start_by: date
    advised: date
    operates: bool
    late: bool
    shorter: bool


@dataclass(frozen=True)
class Advice:
    """What working back gives on a day. `ready_on`: the earliest day on which controls that wait on the phases can
    operate; `operate_by`: the last, None where every control operates already."""

    today: date
    verdict: Verdict
    phases: tuple[PhaseDay, ...]
    controls: tuple[ControlDay, ...]
    ready_on: date
    operate_by: date | None
    fieldwork_from: date
    notes: tuple[str, ...]

    @property
    def late_controls(self) -> tuple[ControlDay, ...]:
        return tuple(each for each in self.controls if each.late)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day of an instant where the organisation is. Raises ValueError for an instant without an offset."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return moment.astimezone(ZoneInfo(timezone)).date()


def advise(aim: Aim, today: date, *, work: Work | None = None, controls: Sequence[Operation] | None = None,
           pace: Pace | None = None) -> Advice:  # fmt: skip
    """Work back from fieldwork. `controls` None: none is known, and all count as having to operate from the first day.

    Never raises for dates that cannot be met: that is what the verdict says.
    """
    work, pace = work or Work(), pace or Pace()
    ready_on = earliest(BEFORE, today, work, pace, usual=False)
    days = tuple(_control(each, aim, today, ready_on, pace) for each in controls or ())
    least = _backwards(aim, work, pace, _operate_by(aim, days, controls is not None, usual=False), usual=False)
    usual = _backwards(aim, work, pace, _operate_by(aim, days, controls is not None, usual=True), usual=True)
    forward = _forwards(today, work, pace, usual=False)
    phases = tuple(
        PhaseDay(
            kind, least[kind], min(usual[kind], least[kind]), forward[kind], kind in work.done,
            kind not in work.done and forward[kind] > least[kind],
        )
        for kind in PHASES
    )  # fmt: skip
    at_ease = all(day >= _forwards(today, work, pace, usual=True)[kind] for kind, day in usual.items() if kind not in work.done)
    missed = any(phase.late for phase in phases) or any(day.late for day in days)
    verdict = Verdict.MISSED if missed else Verdict.USUAL if at_ease else Verdict.TIGHT
    return Advice(
        today, verdict, phases, days, ready_on, _operate_by(aim, days, controls is not None, usual=False),
        earliest(PHASES, today, work, pace, usual=False), tuple(notes_of(aim, today, days, pace)),
    )  # fmt: skip


def earliest(kinds: Sequence[str], today: date, work: Work, pace: Pace, *, usual: bool) -> date:
    """The first day after all of some phases, one after the other, from where the work stands."""
    day = today
    for kind in kinds:
        if kind not in work.done:
            began = work.begun.get(kind)
            takes = timedelta(days=pace.days(f"phase.{kind}", usual=usual))
            day = max(day, began + takes) if began is not None and began <= today else day + takes
    return day


def window_before(fieldwork: date, months: int) -> tuple[date, date]:
    """The look back of an examination that agrees no period: so many months up to the day before fieldwork."""
    return months_after(fieldwork, -months), fieldwork - timedelta(days=1)


def _control(control: Operation, aim: Aim, today: date, ready_on: date, pace: Pace) -> ControlDay:
    length = pace.of_control(control.frequency)
    if aim.point:
        start_by = advised = aim.last
    else:
        start_by = latest_start(length, aim.first, aim.last, agreed=aim.period)
        advised = min(start_by, latest_start(length, aim.first, aim.last, usual=True, agreed=aim.period))
    begins = control.starts_on or ready_on
    return ControlDay(
        control, start_by, advised, control.starts_on is not None and control.starts_on <= min(today, start_by),
        begins > start_by, not aim.point and begins > aim.first,
    )  # fmt: skip


def _operate_by(aim: Aim, days: Sequence[ControlDay], known: bool, *, usual: bool) -> date | None:
    if not known:
        return aim.first
    # A control with a stated start waits on no phase; one without has to be built first.
    waiting = [each.advised if usual else each.start_by for each in days if each.control.starts_on is None]
    return min(waiting, default=None)


def _backwards(aim: Aim, work: Work, pace: Pace, operate_by: date | None, *, usual: bool) -> dict[str, date]:
    """The last day of start for each phase: each ends the day before the next one starts, a done one takes no time."""
    found: dict[str, date] = {}
    before = aim.fieldwork
    for kind in reversed(PHASES):
        if kind == "remediation":
            before = min(before, aim.last if aim.point else before, operate_by or before)
        takes = 0 if kind in work.done else pace.days(f"phase.{kind}", usual=usual)
        before -= timedelta(days=takes)
        found[kind] = before
    return found


def _forwards(today: date, work: Work, pace: Pace, *, usual: bool) -> dict[str, date]:
    """The earliest day of start for each phase; the day on which it did start, where it has."""
    found: dict[str, date] = {}
    for place, kind in enumerate(PHASES):
        began = work.begun.get(kind)
        after = earliest(PHASES[:place], today, work, pace, usual=usual)
        found[kind] = began if began is not None and began <= today else after
    return found
