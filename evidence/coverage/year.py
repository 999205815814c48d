"""A year of all requirements at once: the rows of a programme, narrowed, sorted and grouped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from controls.models import Control, Mapping
from controls.operating import Operating
from controls.reach import applies_to
from controls.selectors import NOBODY
from controls.stood import Away

from ..intervals import State
from ..models import EvidenceRequirement
from .models import Coverage, Worst
from .strips import Run, read
from .terms import Period
from .words import how_often, how_often_briefly, label_of, until

#: What is shown last where nobody named a group.
_NONE = "None named"


@dataclass
class Line:
    """One requirement: what was counted, whose it is, and under which criteria it stands. `retired_on`: the day on which its
    control was; `away`: retirements that it was taken up again from, whose days count."""

    coverage: Coverage
    criteria: tuple[str, ...] = ()
    series: str = _NONE
    retired_on: date | None = None
    away: tuple[Away, ...] = ()

    @property
    def requirement(self) -> EvidenceRequirement:
        return self.coverage.requirement

    @property
    def control(self) -> Control:
        return self.requirement.control

    @property
    def owner(self) -> Membership | None:
        return self.requirement.owner or self.control.owner

    @cached_property
    def runs(self) -> list[Run]:
        return [read(kept) for kept in self.coverage.strip]

    @property
    def holes(self) -> list[Run]:
        return [run for run in self.runs if run.is_hole]

    @property
    def hole(self) -> str:
        """The first hole by name, and how many more there are."""
        if not self.holes:
            return ""
        first = self.holes[0]
        named = label_of(first.first, first.last)
        more = self.coverage.holes - first.intervals
        return f"{named}, {more} more" if more > 0 else named

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Holes first: what is lost, then what is missed or unknown, then what was late."""
        each = self.coverage
        return (-min(each.lost, 1), -min(each.holes, 1), -min(each.late, 1), self.requirement.ref)

    @property
    def how_often(self) -> str:
        return how_often(self.runs, self.requirement)

    @property
    def briefly(self) -> tuple[str, str]:
        return how_often_briefly(self.runs, self.requirement)

    @property
    def still(self) -> str:
        """Until when the first interval that is open can be filled."""
        waiting = [run for run in self.runs if run.until and run.state != State.TO_COME]
        return until(min(waiting, key=lambda run: run.until or date.max)) if waiting else ""


@dataclass
class Group:
    """The lines of one criterion series or control family."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def whole(self) -> int:
        return sum(not line.coverage.holes for line in self.lines)


class Year:
    """The lines of a programme that have intervals, those that fit the filters, and the sums of all."""

    def __init__(self, programme: Programme, period: Period, rows: Iterable[Coverage]) -> None:
        criteria = criteria_of(programme)
        rows = [row for row in rows if row.worst != Worst.NOTHING]
        operating = Operating({row.requirement.control_id for row in rows})
        self.all = [
            Line(
                row, tuple(ref for ref, _ in found), found[0][1] if found else _NONE, operating.retired_on(control),
                operating.away(control, period.span),
            )
            for row in rows
            for control in [row.requirement.control]
            for found in [criteria.get(control.pk, [])]
        ]  # fmt: skip
        self.lines = self.all

    def narrowed(self, asked: Values[str, str]) -> Self:
        """The same with only the lines that fit the filters; its sums stay those of all."""
        self.lines = [line for line in self.all if fits(line, asked)]
        return self

    @cached_property
    def sums(self) -> dict[str, int]:
        """The headline: requirements, those without a hole, those with one, and of intervals only what is lost."""
        holed = [line for line in self.all if line.coverage.holes]
        return {
            "all": len(self.all), "holed": len(holed), "whole": len(self.all) - len(holed),
            "lost": sum(bool(line.coverage.lost) for line in self.all),
            "unknown": sum(bool(line.coverage.unknown) for line in self.all),
            "late": sum(bool(line.coverage.late) for line in self.all),
            "open": sum(bool(line.coverage.open) for line in self.all),
            "lost_intervals": sum(line.coverage.lost for line in self.all),
            "unknown_intervals": sum(line.coverage.unknown for line in self.all),
            "mitigated": sum(line.coverage.mitigated for line in self.all),
        }  # fmt: skip

    def sorted_by(self, sort: str) -> list[Line]:
        """In the order that is asked for; holes first without one."""
        name, backwards = sort.removeprefix("-"), sort.startswith("-")
        key = _SORTS.get(name)
        if key is None:
            return sorted(self.lines, key=lambda line: line.rank)
        return sorted(self.lines, key=lambda line: (*key(line), line.requirement.ref), reverse=backwards)

    @property
    def owners(self) -> list[Membership]:
        found = {line.owner.pk: line.owner for line in self.all if line.owner}
        return sorted(found.values(), key=lambda each: each.name)

    @property
    def series(self) -> list[str]:
        return list(dict.fromkeys(line.series for line in sorted(self.all, key=lambda line: _natural(line.series))))


_SORTS: dict[str, Any] = {
    "ref": lambda line: (line.requirement.ref,),
    "control": lambda line: (line.control.ref,),
    "owner": lambda line: (line.owner is None, line.owner.name if line.owner else ""),
    "filled": lambda line: (line.coverage.filled + line.coverage.late,),
    "late": lambda line: (line.coverage.late,),
    "missed": lambda line: (line.coverage.missed,),
    "unknown": lambda line: (line.coverage.unknown,),
    "lost": lambda line: (line.coverage.lost,),
    "until": lambda line: (line.coverage.closes is None, line.coverage.closes or date.max),
}
SORTS = tuple(_SORTS)


def grouped(lines: Sequence[Line], by: str) -> list[Group]:
    """Lines in the groups of a criterion series, or of a control family; in one without a name otherwise."""
    if by not in ("series", "family"):
        return [Group("", list(lines))]
    found: dict[str, Group] = {}
    for line in lines:
        name = line.series if by == "series" else line.control.area or _NONE
        found.setdefault(name, Group(name)).lines.append(line)
    return sorted(found.values(), key=lambda group: (group.name == _NONE, _natural(group.name)))


def _natural(name: str) -> tuple[str, int]:
    stem = name.rstrip("0123456789")
    return stem, int(name[len(stem):] or 0)


def fits(line: Line, asked: Values[str, str]) -> bool:
    """Whether a line fits the filters q, owner, state, series, criterion and control."""
    requirement, control = line.requirement, line.control
    text = asked.get("q", "").strip().lower()
    if text and text not in f"{requirement.ref} {requirement.title} {control.ref} {control.title}".lower():
        return False
    if (state := asked.get("state")) and not STATES[state](line.coverage):
        return False
    if owner := asked.get("owner"):
        own = {str(each) for each in (requirement.owner_id, control.owner_id) if each}
        if owner == NOBODY and own or owner != NOBODY and owner not in own:
            return False
    if (series := asked.get("series")) and series != line.series:
        return False
    if (criterion := asked.get("criterion", "").upper()) and criterion not in {each.upper() for each in line.criteria}:
        return False
    return not (named := asked.get("control", "").upper()) or control.ref.upper() == named


#: What a list can be narrowed to, by the counts of a row.
STATES: dict[str, Any] = {
    "hole": lambda row: row.holes > 0,
    "lost": lambda row: row.lost > 0,
    "unknown": lambda row: row.unknown > 0,
    "late": lambda row: row.late > 0,
    "open": lambda row: row.open > 0,
    "whole": lambda row: row.holes == 0,
}


def criteria_of(programme: Programme) -> dict[UUID, list[tuple[str, str]]]:
    """By control: the requirements of a programme that it is mapped to, reference and series, in the publisher's order."""
    rows = Mapping.objects.filter(applies_to(programme, "control"), requirement__in=requirements_in_scope(programme))
    named = rows.order_by("requirement__position").values_list(
        "control_id", "requirement__ref", "requirement__series", "requirement__theme"
    )
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for control, ref, series, theme in named:
        found[control].append((ref, series or theme or ref.split(".")[0]))
    return found
