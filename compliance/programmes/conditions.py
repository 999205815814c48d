"""Exit conditions of phases: facts, never ticks. Each floor registers what it knows; the page and the API show all.

A condition whose facts are not known is not met (definitions: unknown is never pass).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from compliance.desk.registry import Registry

from .models import Phase, PhaseKind, Programme
from .timing import Work

_ORDER = {kind: place for place, kind in enumerate(PhaseKind)}


@dataclass(frozen=True)
class Condition:
    """What must hold before a phase is over. `figure` says where it stands, `url` leads to what it counts.

    `met` None: the facts that would tell are not there.
    """

    phase: PhaseKind
    id: str
    title: str
    met: bool | None
    figure: str
    url: str = ""
    position: int = 50

    @property
    def key(self) -> str:
        return f"{self.phase}.{self.id}"

    @property
    def order(self) -> tuple[int, int, str]:
        return (_ORDER[self.phase], self.position, self.id)

    @property
    def state(self) -> str:
        return "unknown" if self.met is None else "pass" if self.met else "fail"


registry: Registry[Condition] = Registry()


def register(name: str, contributor: object) -> None:
    """Contribute conditions. `contributor(programme)` yields them, in few queries, in the organisation's room."""
    registry.register(name, contributor)  # type: ignore[arg-type]


@dataclass(frozen=True)
class PhaseExit:
    """A phase with its conditions; over once there are some and each holds."""

    kind: PhaseKind
    conditions: tuple[Condition, ...]

    @property
    def holds(self) -> int:
        return sum(each.met is True for each in self.conditions)

    @property
    def over(self) -> bool:
        return bool(self.conditions) and self.holds == len(self.conditions)


def exits_of(programme: Programme) -> list[PhaseExit]:
    """Every phase with the conditions that its exit depends on."""
    found = registry.gather(programme)
    return [PhaseExit(kind, tuple(each for each in found if each.phase == kind)) for kind in PhaseKind]


def work_of(exits: Iterable[PhaseExit], planned: Iterable[Phase], today: date) -> Work:
    """How far the work is: phases whose conditions hold are done, those whose planned first day has come have begun."""
    begun = {phase.kind: phase.starts_on for phase in planned if phase.starts_on <= today}
    return Work(frozenset(str(each.kind.value) for each in exits if each.over), begun)


def all_of(number: int, total: int, noun: str) -> str:
    """A figure as conditions say it: 12 of 14 controls."""
    return f"{number} of {total} {noun}"
