"""The reports that could be had, each held against what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .models import Demand
from .timing import Option


@dataclass(frozen=True)
class Choice:
    """A report with the demands that it would satisfy in time, and those that it would not, each with why."""

    option: Option
    satisfies: tuple[Demand, ...]
    misses: tuple[tuple[Demand, str], ...]


def compared(options: Iterable[Option], demands: Sequence[Demand]) -> list[Choice]:
    """Each report against each demand: long enough a period, and there by the day that was named."""
    found = []
    for option in options:
        against = [(demand, _objection(option, demand)) for demand in demands]
        found.append(
            Choice(
                option, tuple(demand for demand, objection in against if not objection),
                tuple((demand, objection) for demand, objection in against if objection),
            )
        )  # fmt: skip
    return found


def _objection(option: Option, demand: Demand) -> str:
    if option.months < demand.months:
        return f"asks for at least {demand.months} months"
    if demand.needed_by and not option.by(demand.needed_by):
        late = (option.least.report - demand.needed_by).days
        return f"{late} day{'' if late == 1 else 's'} too late"
    return ""
