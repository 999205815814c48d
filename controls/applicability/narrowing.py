"""Narrowing the rows of a statement to what a filter asks. Pure over rows that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .lacks import Lack
from .models import Decision
from .reading import Shown

#: Evidence that shows something now.
SHOWING = frozenset({"current", "due_soon", "event_driven"})


def narrowed(rows: Sequence[Shown], asked: Mapping[str, str]) -> list[Shown]:
    """The rows that fit: q, decision (or `proposed`), theme, lacks (a kind, `any`, `control` or `evidence`), again."""
    return [shown for shown in rows if _fits(shown, asked)]


def _fits(shown: Shown, asked: Mapping[str, str]) -> bool:
    text = asked.get("q", "").strip().casefold()
    if text and text not in f"{shown.ref} {shown.title} {shown.treatment} {shown.owner}".casefold():
        return False
    decision = asked.get("decision")
    if decision and not (shown.is_proposed if decision == "proposed" else shown.decision == decision):
        return False
    if asked.get("theme") and shown.group != asked["theme"]:
        return False
    if asked.get("again") and not shown.again:
        return False
    return _lacks(shown, asked.get("lacks", ""))


def _lacks(shown: Shown, kind: str) -> bool:
    if kind == "control":
        return shown.is_included and not shown.controls
    if kind == "evidence":
        return shown.is_included and shown.evidence not in SHOWING
    return not kind or bool(shown.lacks if kind == "any" else kind in shown.lacks)


@dataclass(frozen=True)
class Sums:
    """How many rows stand where; the three decisions add up to `all`."""

    all: int
    included: int
    excluded: int
    undecided: int
    proposed: int
    again: int
    lacking: int


def sums_of(rows: Sequence[Shown]) -> Sums:
    """The counts of all rows, whatever is filtered."""
    decisions = Counter(shown.decision for shown in rows)
    return Sums(
        len(rows), decisions[Decision.INCLUDED], decisions[Decision.EXCLUDED], decisions[Decision.UNDECIDED],
        sum(shown.is_proposed for shown in rows), sum(bool(shown.again) for shown in rows),
        sum(bool(shown.lacks) for shown in rows),
    )  # fmt: skip


def grouped(rows: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    """Rows by theme, in the publisher's order."""
    groups: dict[str, list[Shown]] = {}
    for shown in rows:
        groups.setdefault(shown.group, []).append(shown)
    return list(groups.items())


def by_lack(rows: Sequence[Shown]) -> list[tuple[Lack, list[Shown]]]:
    """Each kind of lack with the rows that have it, in the order in which they are worked off."""
    found = [(lack, [shown for shown in rows if lack in shown.lacks]) for lack in Lack]
    return [(lack, lacking) for lack, lacking in found if lacking]
