"""What of the starter set can still be adopted, family by family."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from controls.models import Control
from controls.starter.reading import StarterControl, StarterSet, read_starter_set


@dataclass
class Family:
    """Controls of one family that the room does not have yet; `there` counts those that it has."""

    key: str
    area: str
    controls: list[StarterControl] = field(default_factory=list)
    there: int = 0

    @property
    def evidence(self) -> int:
        """How many evidence requirements its controls would bring."""
        return sum(len(control.evidence) for control in self.controls)

    @property
    def roles(self) -> list[str]:
        """Who should own its controls."""
        return sorted({control.owner_role for control in self.controls})


@cache
def _starter_set() -> StarterSet:
    """Read and checked once in a process: it changes with the code only."""
    return read_starter_set()


def offer() -> list[Family]:
    """The families in order, each with what is left of it."""
    present = set(Control.objects.values_list("ref", flat=True))
    families: dict[str, Family] = {}
    for control in _starter_set().controls:
        key = control.ref.split("-", 1)[0]
        family = families.setdefault(key, Family(key, control.area))
        if control.ref in present:
            family.there += 1
        else:
            family.controls.append(control)
    return sorted(families.values(), key=lambda family: family.area)
