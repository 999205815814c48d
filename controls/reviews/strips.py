"""The reviews of a control over a year, as the strip draws them: each block with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.intervals.cadence import Cadence
from compliance.web.charts.coverage import Interval
from compliance.web.charts.scale import Scale
from compliance.web.words import day

from .models import Review, ReviewPlan, ReviewState
from .timing import timetables

_SHAPE = {
    ReviewState.ATTESTED: "filled", ReviewState.LATE: "late", ReviewState.EXCEPTION: "exception",
    ReviewState.SKIPPED: "missed", ReviewState.WITHDRAWN: "not_expected",
}  # fmt: skip


def year_of(on: date) -> Scale:
    """Nine calendar months before the present one, it, and the two after."""
    return Scale(_month(on, -9), _month(on, 3, last=True))


def _month(on: date, months: int, *, last: bool = False) -> date:
    """The first of the month so many months away, or the last day before it."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return date.fromordinal(first.toordinal() - 1) if last else first


def to_come(plan: ReviewPlan | None, scale: Scale, on: date) -> list[Interval]:
    """The blocks of the year that have not begun, where the plan stays as it is."""
    if plan is None:
        return []
    ahead = [each for each in timetables(plan.begins_on, Cadence(plan.cadence), on=scale.last) if each.covers_from > on]
    return [
        Interval(
            each.covers_from, min(each.due_on, scale.last), "to_come",
            f"{day(each.covers_from)} to {day(each.due_on)}: to come",
        )
        for each in ahead
    ]  # fmt: skip


def drawn(reviews: Iterable[Review], scale: Scale, on: date) -> list[Interval]:
    """Those that touch the year, in the order of their days, cut to it."""
    shown = [each for each in reviews if each.covers_from <= scale.last and each.due_on >= scale.first]
    return [
        Interval(max(each.covers_from, scale.first), min(each.due_on, scale.last), _shape(each, on), _words(each, on))
        for each in sorted(shown, key=lambda each: (each.covers_from, each.pk))
    ]


def _shape(review: Review, on: date) -> str:
    if review.state != ReviewState.OPEN:
        return _SHAPE[ReviewState(review.state)]
    return "open" if review.remind_from <= on else "to_come"


def _words(review: Review, on: date) -> str:
    said = ReviewState(review.state).label.lower()
    if review.state == ReviewState.OPEN:
        said = "overdue" if review.due_on < on else f"to be answered by {day(review.due_on)}"
    return f"{review.ref}, {day(review.covers_from)} to {day(review.due_on)}: {said}"
