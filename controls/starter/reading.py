"""Reads the starter control set and refuses one that is not sound. No models here.

A set is a folder of YAML files, one per family, in our own words. Each control is auditable by construction: a role
that should own it (the person is named at adoption), a frequency, evidence, a test that is not only a question, and a
population where it is tested by sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from compliance.frameworks.catalogue import Catalogue, CatalogueError, load_yaml, shipped
from controls.starter import naming
from controls.starter.validation import control_problems

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class TestProcedure:
    """One step by which a control is tested: `type` is inquiry, observation, inspection or reperformance."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    type: str
    text: str


@dataclass(frozen=True)
class Evidence:
    """One thing that a control must show. `source` is `collector` or `person`; `checks` judge what a collector brings.

    `span` says whether it speaks of a point in time or of a period. `facts` names fact kinds where the checks do not
    already say them. `items` are lines of the request list that it answers. `steps` and `template` say how a person
    collects it and what it has to hold, `population_template` which kind of population it is or is drawn from.
    `thresholds` are the numbers of the control's own statement: check id to name to value.
    """

    key: str
    title: str
    artefact: str
    format: str
    cadence: str
    source: str
    span: str
    kind: str
    naming: str
    checks: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    template: str = ""
    population_template: str = ""
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def event_driven(self) -> bool:
        """It follows events: it has a population, and no freshness."""
        return self.cadence == "on_event"

    @property
    def vendor(self) -> str:
        """The vendor whose collector brings it; empty for what a person supplies."""
        return self.checks[0].split(".", 1)[0] if self.checks else ""


@dataclass(frozen=True)
class Mapped:
    """A requirement that a control meets, and which part of it (empty: all of it)."""

    framework: str
    ref: str
    part: str


@dataclass(frozen=True)
class StarterControl:
    """A control as a new organisation adopts it."""

    ref: str
    area: str
    title: str
    statement: str
    owner_role: str
    frequency: str
    nature: str
    kind: str
    key: bool
    tested_by_sample: bool
    population: str
    test_procedures: tuple[TestProcedure, ...]
    evidence: tuple[Evidence, ...]
    requirements: tuple[Mapped, ...]


@dataclass(frozen=True)
class StarterSet:
    """All controls of a set, by reference."""

    id: str
    controls: tuple[StarterControl, ...]

    @cached_property
    def by_ref(self) -> Mapping[str, StarterControl]:
        return {control.ref: control for control in self.controls}

    @cached_property
    def checks(self) -> Mapping[str, tuple[str, ...]]:
        """Check id to the references of the controls that it bears on."""
        pairs = [(check, c.ref) for c in self.controls for evidence in c.evidence for check in evidence.checks]
        return {check: tuple(ref for bound, ref in pairs if bound == check) for check in dict(pairs)}

    def reached(self, framework: str) -> frozenset[str]:
        """The references of a framework that some control is mapped to."""
        mapped = (row for control in self.controls for row in control.requirements)
        return frozenset(row.ref for row in mapped if row.framework == framework)


def read_starter_set(
    name: str = "soc2-iso27001", *, folder: Path = FOLDER, catalogues: Iterable[Catalogue] | None = None
) -> StarterSet:
    """Read and validate a starter set against the catalogues. Raises CatalogueError with every problem found."""
    known = {catalogue.id: catalogue for catalogue in (shipped() if catalogues is None else catalogues)}
    paths = sorted((folder / name).glob("*.yaml"))
    if not paths:
        raise CatalogueError(name, ["no such starter set"])
    rows, problems = [], []
    for path in paths:
        family = load_yaml(path)
        if not isinstance(family, dict) or not isinstance(family.get("controls"), list):
            problems.append(f"{path.name}: no list of controls")
            continue
        for row in family["controls"]:
            found = control_problems(row, family=family, catalogues=known)
            problems += [f"{path.name}: {problem}" for problem in found]
            rows.append((family, row))
    if problems:
        raise CatalogueError(name, problems)
    controls = sorted((_control(family, row) for family, row in rows), key=lambda control: control.ref)
    twice = [ref for ref, n in Counter(control.ref for control in controls).items() if n > 1]
    if twice:
        raise CatalogueError(name, [f"{ref}: listed twice" for ref in twice])
    return StarterSet(name, tuple(controls))


def _control(family: Mapping[str, Any], row: Mapping[str, Any]) -> StarterControl:
    plain = ("ref", "title", "owner_role", "frequency", "nature", "kind", "key", "tested_by_sample")
    return StarterControl(
        **{key: row[key] for key in plain},
        area=family["area"],
        statement=row["statement"].strip(),
        population=row.get("population", ""),
        test_procedures=tuple(TestProcedure(*step) for given in row["test_procedures"] for step in given.items()),
        evidence=tuple(_evidence(given) for given in row["evidence"]),
        requirements=tuple(
            Mapped(framework, ref, "" if part == "all of it" else part)
            for framework, refs in row["requirements"].items()
            for ref, part in refs.items()
        ),
    )


def _evidence(given: Mapping[str, Any]) -> Evidence:
    lists = {name: tuple(given.get(name, ())) for name in ("checks", "facts", "items", "steps")}
    return Evidence(**{"naming": naming.usual(given["span"]), **given, **lists})
