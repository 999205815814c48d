"""What of the starter set can still be adopted, family by family, and what controls of it reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from compliance.frameworks.catalogue import shipped
from controls.models import Control
from controls.starter.reading import StarterControl, StarterSet, read_starter_set

#: The groups that an adoption is held against: by framework, the field that tells them apart and their names, in order.
_GROUPS = {
    "soc2-tsc-2017": {
        "security": "Security", "availability": "Availability", "confidentiality": "Confidentiality",
        "processing-integrity": "Processing integrity", "privacy": "Privacy",
    },
    "iso27001-2022": {
        "clause": "Clauses", "annex-a-organizational": "Organizational", "annex-a-people": "People",
        "annex-a-physical": "Physical", "annex-a-technological": "Technological",
    },
}  # fmt: skip
_TITLES = {"soc2-tsc-2017": "SOC 2", "iso27001-2022": "ISO 27001"}


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


@dataclass(frozen=True)
class Reached:
    """How much of a category or theme some control meets, in whole or in part."""

    framework: str
    name: str
    reached: int
    of: int


@cache
def starter_set() -> StarterSet:
    """Read and checked once in a process: it changes with the code only."""
    return read_starter_set()


def family_of(ref: str) -> str:
    """The family that a reference belongs to: AC of AC-07."""
    return ref.split("-", 1)[0]


def offer() -> list[Family]:
    """The families in order, each with what is left of it. One query."""
    present = set(Control.objects.values_list("ref", flat=True))
    families: dict[str, Family] = {}
    for control in starter_set().controls:
        family = families.setdefault(family_of(control.ref), Family(family_of(control.ref), control.area))
        if control.ref in present:
            family.there += 1
        else:
            family.controls.append(control)
    return sorted(families.values(), key=lambda family: family.area)


def reached_by(controls: Collection[StarterControl]) -> list[Reached]:
    """The categories of SOC 2 and the themes of ISO 27001, each with how many of its requirements these controls meet."""
    met = {(row.framework, row.ref) for control in controls for row in control.requirements}
    return [
        Reached(_TITLES[framework], name, sum((framework, ref) in met for ref in refs), len(refs))
        for framework, name, refs in _groups()
    ]


def groups_of(control: StarterControl) -> list[str]:
    """The categories and themes that a control bears on, in words."""
    met = {(row.framework, row.ref) for row in control.requirements}
    return [name for framework, name, refs in _groups() if any((framework, ref) in met for ref in refs)]


@cache
def _groups() -> list[tuple[str, str, frozenset[str]]]:
    catalogues = {catalogue.id: catalogue for catalogue in shipped()}
    return [
        (framework, name, frozenset(row.ref for row in catalogues[framework].assessable if row.category == key))
        for framework, names in _GROUPS.items()
        for key, name in names.items()
    ]
