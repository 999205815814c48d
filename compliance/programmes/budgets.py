"""A budget in sums: by phase and unit, plan against actual. Hours add up; fees add up within a currency only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .models import BudgetLine, BudgetUnit, PhaseKind


@dataclass(frozen=True)
class Sum:
    """What some lines come to. `actual` counts lines of which something is known: `known` of `lines`."""

    unit: str
    planned: Decimal
    actual: Decimal
    known: int
    lines: int

    @property
    def over(self) -> Decimal:
        """By how much what is known is above the plan of all lines; zero where it is not."""
        return max(self.actual - self.planned, Decimal(0))

    @property
    def left(self) -> Decimal:
        return max(self.planned - self.actual, Decimal(0))


@dataclass(frozen=True)
class PhaseBudget:
    """The lines of a phase and what they come to in each unit."""

    kind: PhaseKind
    lines: tuple[BudgetLine, ...]
    sums: tuple[Sum, ...]


def by_phase(lines: Iterable[BudgetLine]) -> list[PhaseBudget]:
    """Every phase that has a line, in order."""
    known = list(lines)
    found = [(kind, tuple(line for line in known if line.phase == kind)) for kind in PhaseKind]
    return [PhaseBudget(kind, those, tuple(sums_of(those))) for kind, those in found if those]


def sums_of(lines: Iterable[BudgetLine]) -> list[Sum]:
    """One sum for hours and one for each currency, hours first."""
    groups: dict[str, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault("hours" if line.unit == BudgetUnit.HOURS else line.currency, []).append(line)
    return [_sum(unit, groups[unit]) for unit in sorted(groups, key=lambda unit: (unit != "hours", unit))]


def _sum(unit: str, lines: list[BudgetLine]) -> Sum:
    known = [line.actual for line in lines if line.actual is not None]
    planned = sum((line.planned for line in lines), Decimal(0))
    return Sum(unit, planned, sum(known, Decimal(0)), len(known), len(lines))
