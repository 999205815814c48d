"""What a person should know beside the dates, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from compliance.intervals.words import days_of
from compliance.tenancy.months import months_after

from .aims import Aim
from .pace import Pace

if TYPE_CHECKING:
    from .advice import ControlDay

DAY = timedelta(days=1)


def said(day: date) -> str:
    """A day as sentences say it: 3 March 2027."""
    return f"{day.day} {day:%B %Y}"


def notes_of(aim: Aim, today: date, controls: Sequence[ControlDay], pace: Pace) -> Iterator[str]:
    """Each in order of how much it changes what can be had."""
    if aim.point and aim.last > aim.fieldwork:
        yield f"The as-of date, {said(aim.last)}, is after fieldwork starts: nothing can be concluded before it."
    if not aim.period:
        return
    least = pace["window.soc2"].least
    if aim.last < months_after(aim.first, least) - DAY:
        yield f"The period is shorter than {least} months; few firms issue a report on less, and few customers take one."
    if aim.fieldwork <= aim.last:
        yield (
            f"Fieldwork starts {days_of((aim.last - aim.fieldwork).days + 1)} before the period has ended: "
            f"the last tests wait until {said(aim.last + DAY)}."
        )
    yield from _joins(aim)
    yield from _begun(aim, today, controls)


def _joins(aim: Aim) -> Iterator[str]:
    if aim.previous and aim.first > aim.previous + DAY:
        between = (aim.first - aim.previous).days - 1
        yield (
            f"No report covers the {days_of(between)} from {said(aim.previous + DAY)} to {said(aim.first - DAY)}; "
            "customers will ask for a bridge letter."
        )


def _begun(aim: Aim, today: date, controls: Sequence[ControlDay]) -> Iterator[str]:
    if aim.first < today <= aim.last:
        yield f"The period began {days_of((today - aim.first).days)} ago. What was not performed in them is not made up."
    shorter = sum(each.shorter and not each.late for each in controls)
    if shorter:
        noun, have = ("control", "has a") if shorter == 1 else ("controls", "have")
        end = "population" if shorter == 1 else "populations"
        start = "its start date" if shorter == 1 else "their start dates"
        yield f"{shorter} {noun} {have} shorter {end} than the period: the auditor is told {start}."
