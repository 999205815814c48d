"""Whether a frozen list is complete and accurate: the steps that are worked through, and what facts alone can tell. Pure.

The four ways to test information that the entity provides (audit practice, 4.3): look at the source, at the query and its
parameters, match list and source in both directions, and look for gaps in time or number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .spans import Reach


class Way(StrEnum):
    """The four ways."""

    SOURCE = "source"
    QUERY = "query"
    MATCH = "match"
    GAPS = "gaps"

    @property
    def label(self) -> str:
        return _WAYS[self]


_WAYS = {Way.SOURCE: "The source", Way.QUERY: "The query", Way.MATCH: "Both directions", Way.GAPS: "Gaps"}


class Result(StrEnum):
    OPEN = "open"
    HOLDS = "holds"
    FAILS = "fails"


@dataclass(frozen=True)
class Step:
    """One step: what has to hold, how a person sees it, and which of the four ways it is."""

    key: str
    way: Way
    holds: str
    how: str


STEPS: Mapping[str, Step] = {
    step.key: step
    for step in (
        Step("source", Way.SOURCE, "It comes from the system of record, in production, seen by somebody who sees all of it.",
             "Open the source beside the list: its name, its environment, and the rights of whoever drew it."),
        Step("query", Way.QUERY, "The query asks for every item of the period, and nothing is left out without a reason.",
             "Read the query or look at the screen's filters: dates, status, environment, deleted and archived items."),
        Step("count", Way.MATCH, "The rows are as many as the source itself says.",
             "Read the total on the source's own screen for the same query and period, and enter it."),
        Step("period", Way.GAPS, "Nothing is missing in time: the whole period was looked at.",
             "Compare the first and the last item with the ends of the period, and look for stretches without any."),
        Step("cells", Way.MATCH, "What each item has to say could be read, and each item stands once.",
             "Look at the items that say unknown: what they lack, and where else it can be seen."),
        Step("out", Way.MATCH, "Items of the list are found in the source, and say the same there.",
             "Take some rows from all parts of the list, open each in the source, and compare."),
        Step("back", Way.MATCH, "Items of the source are found in the list.",
             "Take some items of the period in the source, without looking at the list, and find each in it."),
        Step("second", Way.MATCH, "It agrees with a second, independent list, or each difference is explained.",
             "Decide each difference below."),
        Step("nil", Way.SOURCE, "That there was none is stated by a person who can know it.",
             "Say in your own name that there was none, and how you know."),
    )
}  # fmt: skip
#: With no rows there is nothing to trace; somebody states that there was none instead.
_OF_ROWS, _OF_NONE = ("out", "back"), ("nil",)


@dataclass(frozen=True)
class Verdict:
    """How a step stands: by facts, or by what a person last said."""

    result: Result
    note: str = ""
    by: str = ""

    @property
    def by_facts(self) -> bool:
        return self.by == "facts"


@dataclass(frozen=True)
class Frozen:
    """What facts can tell of a frozen list. `total` is what the source says, None where it was not asked.

    `counted` are the rows and exclusions that a total can be compared with. `unread` cells of required attributes could
    not be read, `twice` identities stand more than once, `outside` rows are dated outside the period. `covers`: whether
    the whole period was covered, None where nobody collected it.
    """

    collected: bool
    rows: int
    counted: int
    total: int | None
    basis: str
    reach: Reach
    covers: bool | None
    unread: int
    twice: int
    outside: int
    unexplained: int


def steps_of(rows: int, reconciled: bool) -> list[Step]:
    """The steps that a list of so many rows goes through."""
    left_out = {*(_OF_ROWS if not rows else _OF_NONE), *(() if reconciled else ("second",))}
    return [step for step in STEPS.values() if step.key not in left_out]


def told_by_facts(frozen: Frozen) -> dict[str, Verdict]:
    """The steps that need no person, one way or the other. What is not here is open."""
    told = {"count": compared(frozen.counted, frozen.total, frozen.basis), "period": _period(frozen), "cells": _cells(frozen)}
    if frozen.unexplained:
        told["query"] = _said(Result.FAILS, f"{frozen.unexplained} left out without a reason.")
    elif frozen.collected:
        told["query"] = _said(Result.HOLDS, "Drawn by the collector from everything that it keeps, with the query beside it.")
    return {key: verdict for key, verdict in told.items() if verdict.result != Result.OPEN}


def compared(counted: int, total: int | None, basis: str = "") -> Verdict:
    """The rows against the total that the source gives."""
    if total is None:
        return Verdict(Result.OPEN)
    told = f" ({basis})" if basis else ""
    if counted == total:
        return _said(Result.HOLDS, f"{counted:,} here, {total:,} in the source{told}.")
    apart = abs(counted - total)
    way = "fewer" if counted < total else "more"
    return _said(Result.FAILS, f"{counted:,} here, {total:,} in the source{told}: {apart:,} {way}.")


def _period(frozen: Frozen) -> Verdict:
    if frozen.outside:
        return _said(Result.FAILS, f"{frozen.outside:,} dated outside the period.")
    if frozen.covers is None:
        return Verdict(Result.OPEN)
    if frozen.covers:
        return _said(Result.HOLDS, "The collections cover the whole period, without a hole.")
    why = "; ".join(dict.fromkeys(hole.why for hole in frozen.reach.holes)) or "It was not collected over the whole period."
    return _said(Result.FAILS, why)


def _cells(frozen: Frozen) -> Verdict:
    if frozen.twice:
        return _said(Result.FAILS, f"{frozen.twice:,} stand more than once, with different words.")
    if frozen.unread:
        return Verdict(Result.OPEN)
    return _said(Result.HOLDS, "Every cell that is needed could be read, and each item stands once.")


def _said(result: Result, note: str) -> Verdict:
    return Verdict(result, note, "facts")


def second_list(differences: int, undecided: int) -> Verdict:
    """How the reconciliation stands: it holds once each difference is decided. A difference that is an error is a matter
    of the control, not of the list."""
    if undecided:
        return Verdict(Result.OPEN)
    words = "The two lists agree."
    if differences:
        words = "The one difference is decided." if differences == 1 else f"All {differences:,} differences are decided."
    return _said(Result.HOLDS, words)


def standing(steps: Sequence[Step], verdicts: Mapping[str, Verdict]) -> Result:
    """How the list stands in sum: one that fails fails it; it holds only when all do."""
    results = [verdicts[step.key].result if step.key in verdicts else Result.OPEN for step in steps]
    if Result.FAILS in results:
        return Result.FAILS
    return Result.HOLDS if all(each == Result.HOLDS for each in results) else Result.OPEN


def open_steps(steps: Iterable[Step], verdicts: Mapping[str, Verdict]) -> list[Step]:
    """The steps that wait for somebody."""
    return [step for step in steps if step.key not in verdicts or verdicts[step.key].result == Result.OPEN]
