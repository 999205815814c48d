"""What would help where a date cannot be met. A move is offered only where working back again says that it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from compliance.intervals.words import days_of
from compliance.tenancy.months import months_after

from .advice import BEFORE, Advice, Verdict, advise, window_before
from .aims import Aim, Operation, Work
from .notes import said
from .pace import Pace

DAY = timedelta(days=1)
_SEARCHED = 800  # days of fieldwork later that are tried for an examination without an agreed period


@dataclass(frozen=True)
class Move:
    """One thing to move, said in a sentence, with the dates it leads to."""

    key: str  # later_fieldwork, later_period, shorter_period, type_one_first, drop_category, later_as_of
    sentence: str
    aim: Aim | None = None


def moves(
    aim: Aim, advice: Advice, *, work: Work | None = None, controls: Sequence[Operation] | None = None,
    pace: Pace | None = None, categories: Mapping[str, str] | None = None, look_back: int = 0,
) -> list[Move]:  # fmt: skip
    """What would make a missed date one that can be met; nothing where it can be met already.

    `categories`: those that the programme chose, with how they are named. `look_back`: the months that an examination
    without an agreed period looks at, 0 where none.
    """
    if advice.verdict is not Verdict.MISSED:
        return []
    trial = _Trial(advice.today, work or Work(), controls, pace or Pace())
    found: list[Move | None] = [_later_fieldwork(aim, trial, look_back)]
    if aim.period and _begins_too_late(advice):
        found += [_shorter(aim, advice, trial), _later_period(aim, advice, trial), _type_one(aim, advice, trial)]
    elif aim.point and not look_back and aim.last < aim.fieldwork:
        found.append(_later_as_of(aim, advice, trial))
    return [*filter(None, found), *_fewer(aim, trial, categories or {})]


def _begins_too_late(advice: Advice) -> bool:
    """Whether a control, or what comes before it can operate, is late: else only fieldwork is in the way."""
    return bool(advice.late_controls) or any(each.late for each in advice.phases if each.kind in BEFORE)


@dataclass(frozen=True)
class _Trial:
    today: date
    work: Work
    controls: Sequence[Operation] | None
    pace: Pace

    def works(self, aim: Aim) -> bool:
        tried = advise(aim, self.today, work=self.work, controls=self.controls, pace=self.pace)
        return tried.verdict is not Verdict.MISSED


def _later_fieldwork(aim: Aim, trial: _Trial, look_back: int) -> Move | None:
    """The first later day of fieldwork that can be met with everything else as it is."""
    lowest, highest = 1, _SEARCHED
    if not trial.works(_moved(aim, highest, look_back)):
        return None
    while lowest < highest:  # a later fieldwork is never worse, so halving finds the first
        middle = (lowest + highest) // 2
        lowest, highest = (lowest, middle) if trial.works(_moved(aim, middle, look_back)) else (middle + 1, highest)
    moved = _moved(aim, lowest, look_back)
    return Move(
        "later_fieldwork",
        f"Move fieldwork from {said(aim.fieldwork)} to {said(moved.fieldwork)}, {days_of(lowest)} later.", moved,
    )  # fmt: skip


def _moved(aim: Aim, days: int, look_back: int) -> Aim:
    fieldwork = aim.fieldwork + timedelta(days=days)
    if look_back:
        first, last = window_before(fieldwork, look_back)
        return replace(aim, fieldwork=fieldwork, first=first, last=last)
    if aim.point and aim.last == aim.fieldwork:  # what is looked at is the day of fieldwork itself
        return replace(aim, fieldwork=fieldwork, first=fieldwork, last=fieldwork)
    return replace(aim, fieldwork=fieldwork)


def _shorter(aim: Aim, advice: Advice, trial: _Trial) -> Move | None:
    first = max(advice.ready_on, aim.first)
    least = trial.pace["window.soc2"].least
    shorter = replace(aim, first=first)
    if first == aim.first or aim.last < months_after(first, least) - DAY or not trial.works(shorter):
        return None
    return Move(
        "shorter_period",
        f"Let the period begin on {said(first)} in place of {said(aim.first)}, when the controls can operate: it keeps "
        f"its end and is {days_of((first - aim.first).days)} shorter.", shorter,
    )  # fmt: skip


def _later_period(aim: Aim, advice: Advice, trial: _Trial) -> Move | None:
    """The same length from the first day on which controls can operate, fieldwork as long after its end as before."""
    first = max(advice.ready_on, aim.first)
    last = first + (aim.last - aim.first)
    fieldwork = max(last + (aim.fieldwork - aim.last), advice.fieldwork_from)
    later = replace(aim, first=first, last=last, fieldwork=fieldwork)
    if first == aim.first or not trial.works(later):
        return None
    return Move(
        "later_period",
        f"Move the whole period to {said(first)} to {said(last)}, and fieldwork to {said(fieldwork)}.", later,
    )  # fmt: skip


def _type_one(aim: Aim, advice: Advice, trial: _Trial) -> Move | None:
    fieldwork = max(advice.fieldwork_from, advice.ready_on + DAY)
    first = replace(
        aim, first=advice.ready_on, last=advice.ready_on, point=True, period=False, fieldwork=fieldwork, previous=None
    )
    built = None if trial.controls is None else [replace(each, starts_on=None) for each in trial.controls if not each.starts_on]
    if not replace(trial, controls=built).works(first):
        return None
    return Move(
        "type_one_first",
        f"Have a Type I first: as of {said(first.last)}, with fieldwork from {said(fieldwork)}. It shows design and "
        "says nothing of operation; the Type II follows.", first,
    )  # fmt: skip


def _later_as_of(aim: Aim, advice: Advice, trial: _Trial) -> Move | None:
    starts = [each.starts_on for each in trial.controls or () if each.starts_on]
    as_of = max([advice.ready_on, *starts])
    fieldwork = max(aim.fieldwork, advice.fieldwork_from, as_of + DAY)
    later = replace(aim, first=as_of, last=as_of, fieldwork=fieldwork)
    if as_of <= aim.last or not trial.works(later):
        return None
    also = "" if fieldwork == aim.fieldwork else f", with fieldwork from {said(fieldwork)}"
    return Move("later_as_of", f"Move the as-of date from {said(aim.last)} to {said(as_of)}{also}.", later)


def _fewer(aim: Aim, trial: _Trial, categories: Mapping[str, str]) -> Iterator[Move]:
    """Categories without which the date holds: controls that serve one alone go with it."""
    for key, label in categories.items():
        kept = [each for each in trial.controls or () if each.categories != {key}]
        gone = len(trial.controls or ()) - len(kept)
        if gone and replace(trial, controls=kept).works(aim):
            those = "the one control that serves it alone goes" if gone == 1 else f"the {gone} controls that serve it alone go"
            yield Move("drop_category", f"Leave out {label}: {those} with it, and the rest can be met.")
