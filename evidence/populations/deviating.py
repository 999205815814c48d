"""What the rows of a frozen list do not show although each of them should: one rule for each claim. Pure.

A cell that could not be read is neither a deviation nor its absence; it is counted apart. Where a list that somebody brought
tells a thing of some rows and not of others, the others do not show it: that is what an auditor finds in a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from .given import instant
from .items import Item, cell_text, is_unknown, unsaid
from .reconciling import day_of

#: Rows that are named of one rule; the rest are counted, and the frozen file holds them all.
NAMED = 500


class Unsaid(Exception):
    """The row does not say what the rule has to know."""


@dataclass(frozen=True)
class Asked:
    """What a rule knows beside the row: `told` are the attributes that some row of the list tells, `settings` what policy
    allows, `last` the period's last day."""

    collected: bool
    last: date
    told: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row as a rule reads it."""

    cells: Mapping[str, Any]
    asked: Asked

    def cell(self, name: str) -> Any:
        """A cell as it is; one that the row does not have could not be read."""
        return self.cells.get(name, unsaid())

    def known(self, *names: str) -> Any:
        """The first of some cells that says something; None where none does."""
        return next((value for value in map(self.cell, names) if value not in (None, "") and not is_unknown(value)), None)

    def says(self, name: str) -> Any:
        """The value of a cell; raises Unsaid where there is none."""
        value = self.cell(name)
        if value is None or value == "" or is_unknown(value):
            raise Unsaid(name)
        return value

    def text(self, name: str) -> str:
        return cell_text(self.says(name)).strip()

    def shows(self, name: str) -> bool:
        """Whether something stands in a cell. Raises Unsaid where nobody can tell: the source says it of no row, or it
        could not be read."""
        value = self.cell(name)
        if not is_unknown(value):
            return value is not None and value != ""
        if self.asked.collected or name not in self.asked.told:
            raise Unsaid(name)
        return False

    def day(self, name: str) -> date:
        found = day_of(self.says(name))
        if found is None:
            raise Unsaid(name)
        return found

    def moment(self, name: str) -> datetime:
        found = instant(self.says(name))
        if found is None:
            raise Unsaid(name)
        return found


@dataclass(frozen=True)
class Rule:
    """A claim that holds of every row of a template. `judge` says in words what is otherwise, or nothing.

    `judged_by`: by vendor, the check that judges the same of what is collected from it, and raises it.
    """

    key: str
    template: str
    claim: str
    judge: Callable[[Row], str]
    judged_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deviation:
    """What one rule found in a list: how many rows deviate, of how many nobody can tell, and the first of those by name:
    (source, id, what is otherwise)."""

    rule: str
    count: int
    unsaid: int
    named: Sequence[tuple[str, str, str]] = ()

    def kept(self) -> dict[str, Any]:
        """As it is stored with the version."""
        return {"rule": self.rule, "count": self.count, "unsaid": self.unsaid, "named": [list(each) for each in self.named]}


def deviations(
    items: Sequence[Item], rules: Sequence[Rule], *, collected: bool, last: date, settings: Mapping[str, Any]
) -> list[Deviation]:
    """What each rule finds in a list; a rule that finds nothing says so."""
    asked = Asked(collected, last, _told(items) if rules else frozenset(), settings)
    return [_looked(rule, items, asked) for rule in rules]


def _told(items: Iterable[Item]) -> frozenset[str]:
    return frozenset(
        name for item in items for name, value in item.cells.items() if value is not None and value != "" and not is_unknown(value)
    )


def _looked(rule: Rule, items: Iterable[Item], asked: Asked) -> Deviation:
    found: list[tuple[str, str, str]] = []
    unsaid = 0
    for item in items:
        try:
            said = rule.judge(Row(item.cells, asked))
        except Unsaid:
            unsaid += 1
            continue
        if said:
            found.append((item.source, item.id, said))
    return Deviation(rule.key, len(found), unsaid, tuple(islice(found, NAMED)))
