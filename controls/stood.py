"""On which days a control counts, from what it said of itself on each of them. Pure: what stood in, days out.

The rules and their reasons are those of docs/decisions/0052.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from compliance.intervals.spans import Days, common
from compliance.registers.spans import ONE_DAY, Span, joined
from compliance.web.words import day

#: A period of one day has no days before it in which a control could have been in use: there the year before is looked at.
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Stood:
    """What a control said of its operation from the end of a day on. `starts`: the first day on which it was expected to
    operate by what it said; where it said none, the day on which it was made."""

    since: date
    starts: date
    retired: bool


@dataclass(frozen=True)
class Away:
    """Days in a row on which a control stood as retired, between two uses. They count as if it had been in use."""

    first: date
    last: date

    @property
    def taken_up_on(self) -> date:
        return self.last + ONE_DAY

    def __str__(self) -> str:
        return f"{day(self.first, year=self.first.year != self.last.year)} to {day(self.last)}"

    @property
    def why(self) -> str:
        """Why its days count, as a sentence."""
        return (
            f"It was in use before and was taken up again on {day(self.taken_up_on)}, so what was expected on these days stays "
            "expected: retiring a control for a while takes back nothing."
        )


@dataclass(frozen=True)
class _Run:
    """Neighbours that all stood as retired, or all did not. `ends`: the last day of the last of them; None: to this day."""

    stood: tuple[Stood, ...]
    ends: date | None

    @property
    def retired(self) -> bool:
        return self.stood[0].retired

    @property
    def since(self) -> date:
        return self.stood[0].since


def days_counted(stood: Sequence[Stood], present: date, period: Days) -> tuple[Days, ...]:
    """The days in a row of a period that count, in order and apart. `stood`: in order, at least one; `present`: the first day
    on which the control is expected by what it says now.

    A day counts where its own evening, or a later one, said that the control operates since it or before. Of the days on
    which it stood as retired only those between two uses count, by the start that was in force before, whatever was said since.
    """
    last = period[1]
    until = {each.since: following.since - ONE_DAY for each, following in pairwise(stood)}
    claims = [(present, last), *((each.starts, until.get(each.since, last)) for each in stood)]
    runs = _runs(stood)
    out = []
    for before, run in zip([None, *runs], runs, strict=False):
        if not run.retired:
            continue
        if before and (away := _away(before, run, period)):
            claims.append((before.stood[-1].starts, away.last))
        else:
            out.append((run.since if before else period[0], run.ends or last))
    whole = joined(Span(first, ends) for first, ends in common(claims, period))
    return tuple(without(whole, out))


def days_away(stood: Sequence[Stood], period: Days) -> tuple[Away, ...]:
    """The retirements that a control was taken up again from and whose days in a period count, in order, each whole."""
    runs = _runs(stood)
    pairs = zip([None, *runs], runs, strict=False)
    return tuple(away for before, run in pairs if run.retired and (away := _away(before, run, period)))


def _away(before: _Run | None, run: _Run, period: Days) -> Away | None:
    """A retirement between two uses, of which the earlier reached into the period, or for a period of one day into the year
    before it; None where it is left out: before the first use, or as long as it is not taken up again."""
    first, last = period
    reaches = first if first < last else first - YEAR
    if before is None or run.ends is None or run.since <= reaches or run.since > last or run.ends < first:
        return None
    return Away(run.since, run.ends)


def _runs(stood: Sequence[Stood]) -> list[_Run]:
    groups = [tuple(group) for _, group in groupby(stood, key=lambda each: each.retired)]
    ends = [following[0].since - ONE_DAY for following in groups[1:]]
    return [_Run(group, end) for group, end in zip(groups, [*ends, None], strict=True)]


def without(spans: list[Days], out: list[Days]) -> list[Days]:
    """The days of `spans` that lie in none of `out`."""
    for first, last in out:
        spans = [
            part
            for begins, ends in spans
            for part in ((begins, min(ends, first - ONE_DAY)), (max(begins, last + ONE_DAY), ends))
            if part[0] <= part[1]
        ]
    return spans
