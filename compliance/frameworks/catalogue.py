"""Reads a framework catalogue from YAML and refuses one that is not sound. No models here.

A catalogue is data: identifiers, a tree, and our own words (or a public-domain text) for each requirement.
What each file may carry, and under which licence, is written in `catalogues/README.md`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("catalogues")
#: Ids of requirements are derived below this one, so they are the same in every installation (decisions, 11).
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:fieldwork:frameworks")
BASES = frozenset({"fixed", "targeted-risk-analysis", "organization-defined", "continuous", "event"})


class CatalogueError(ValueError):
    """A catalogue cannot be used. `problems` names each fault with the requirement that it concerns."""

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(f"{source}: " + "; ".join(self.problems))


@dataclass(frozen=True)
class Frequency:
    """How often a requirement is to be met. `interval` is an ISO 8601 duration, there where the basis is fixed."""

    text: str
    basis: str
    interval: str = ""
    trigger: str = ""


@dataclass(frozen=True)
class Requirement:
    """One row of a catalogue. `assessable` rows are concluded upon, the others only group them.

    `position` is the place in the publisher's own order. `ref_2019` is the number in a withdrawn edition,
    `iso27001_ref` the same control in ISO/IEC 27001, `superseded_by` a reference within the same catalogue.
    """

    ref: str
    parent: str | None
    level: str
    assessable: bool
    title: str
    text: str
    category: str
    position: int
    series: str = ""
    theme: str = ""
    applicability: str = ""
    frequency: Frequency | None = None
    retention: str = ""
    superseded_by: str = ""
    superseded_on: str = ""
    ref_2019: str = ""
    iso27001_ref: str = ""


@dataclass(frozen=True)
class Catalogue:
    """A framework in one version. `notes` holds what a reader should know of the edition and its scope.

    `complete` is false where some of the framework's clauses are not listed: it then shows no percentage.
    """

    id: str
    title: str
    short_title: str
    version: str
    complete: bool
    publisher: str
    licence_note: str
    levels: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    notes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_ref(self) -> Mapping[str, Requirement]:
        return {requirement.ref: requirement for requirement in self.requirements}

    @cached_property
    def assessable(self) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if requirement.assessable)


def framework_id(framework: str, version: str) -> uuid.UUID:
    """The id of a shipped framework's version."""
    return uuid.uuid5(NAMESPACE, f"{framework}\n{version}")


def requirement_id(framework: str, version: str, ref: str) -> uuid.UUID:
    """The id of a shipped requirement: the same in every installation, another in every version."""
    return uuid.uuid5(NAMESPACE, f"{framework}\n{version}\n{ref}")


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, by the safe loader in C. Raises CatalogueError where it is not YAML."""
    try:
        with path.open("rb") as source:
            return yaml.load(source, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise CatalogueError(path.name, [f"not readable as YAML: {fault}"]) from fault


def read(path: Path) -> Catalogue:
    """Read and validate one catalogue file. Raises CatalogueError with every problem found."""
    return build(load_yaml(path), source=path.name)


def shipped() -> list[Catalogue]:
    """Every catalogue that comes with the product, by id."""
    return [read(path) for path in sorted(FOLDER.glob("*.yaml")) if path.name != "crosswalk.yaml"]


def build(content: Any, *, source: str) -> Catalogue:
    """A catalogue from parsed content. Raises CatalogueError with every problem found."""
    problems = _head_problems(content)
    if problems:
        raise CatalogueError(source, problems)
    rows: list[Any] = content["requirements"]
    levels: list[str] = content["levels"]
    problems = [problem for position, row in enumerate(rows) for problem in _row_problems(row, position, levels)]
    if problems:
        raise CatalogueError(source, problems)
    requirements = tuple(_requirement(row, position) for position, row in enumerate(rows))
    problems = [*_tree_problems(requirements), *_count_problems(requirements, content.get("counts"))]
    if problems:
        raise CatalogueError(source, problems)
    stated = {key: content[key] for key in (*_HEAD, "complete")}
    notes = {key: value for key, value in content.items() if key.endswith(("_note", "_rule")) and key not in _HEAD}
    return Catalogue(**stated, levels=tuple(levels), requirements=requirements, notes=notes)


_HEAD = ("id", "title", "short_title", "version", "publisher", "licence_note")


def _head_problems(content: Any) -> list[str]:
    """What is wrong with the file as a whole, before any row is looked at."""
    if not isinstance(content, dict):
        return ["the file holds no mapping of keys"]
    problems = [f"no {key}" for key in _HEAD if not _is_text(content.get(key))]
    if not isinstance(content.get("complete"), bool):
        problems.append("complete is neither true nor false")
    levels = content.get("levels")
    if not isinstance(levels, list) or not all(_is_text(level) for level in levels):
        problems.append("no list of levels")
    if not isinstance(content.get("requirements"), list) or not content["requirements"]:
        problems.append("no list of requirements")
    return problems


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_OPTIONAL = frozenset(f.name for f in fields(Requirement)[8:]) - {"frequency"}
_KNOWN = frozenset(f.name for f in fields(Requirement)) - {"position"}
_FREQUENCY = frozenset(f.name for f in fields(Frequency))


def _row_problems(row: Any, position: int, levels: list[str]) -> list[str]:
    """What is wrong with one row, looked at alone."""
    if not isinstance(row, dict):
        return [f"row {position + 1} is not a mapping"]
    ref = row.get("ref")
    if not isinstance(ref, str):
        # An unquoted 10.1 or 4.10 loads as a number, and 4.10 would then be 4.1.
        return [f"row {position + 1}: the ref {ref!r} is not text; put it in quotes"]
    problems = [f"{ref}: no {key}" for key in ("title", "text", "category") if not _is_text(row.get(key))]
    if not ref.strip() or ref != ref.strip():
        problems.append(f"row {position + 1}: the ref {ref!r} is empty or padded with spaces")
    if row.get("level") not in levels:
        problems.append(f"{ref}: the level {row.get('level')!r} is not one of {', '.join(levels)}")
    if not isinstance(row.get("assessable"), bool):
        problems.append(f"{ref}: assessable is neither true nor false")
    if "parent" not in row or not isinstance(row["parent"], str | None):
        problems.append(f"{ref}: the parent is neither a ref nor null")
    problems += [f"{ref}: {key} is not text" for key in sorted(_OPTIONAL & row.keys()) if not _is_text(row[key])]
    problems += [f"{ref}: unknown key {key!r}" for key in row if key not in _KNOWN]
    return problems + _frequency_problems(ref, row.get("frequency"))


def _frequency_problems(ref: str, frequency: Any) -> list[str]:
    if frequency is None:
        return []
    if not isinstance(frequency, dict) or not _is_text(frequency.get("text")):
        return [f"{ref}: the frequency has no text"]
    if frequency.get("basis") not in sorted(BASES):
        return [f"{ref}: the frequency's basis {frequency.get('basis')!r} is not one of {', '.join(sorted(BASES))}"]
    if frequency["basis"] == "fixed" and not str(frequency.get("interval", "")).startswith("P"):
        return [f"{ref}: a fixed frequency needs an interval such as P3M"]
    return [f"{ref}: the frequency has an unknown key {key!r}" for key in frequency if key not in _FREQUENCY]


def _requirement(row: dict[str, Any], position: int) -> Requirement:
    frequency = Frequency(**row["frequency"]) if row.get("frequency") else None
    return Requirement(**{**row, "position": position, "frequency": frequency})


def _tree_problems(requirements: Iterable[Requirement]) -> list[str]:
    """Refs are unique, parents and successors exist, and nothing is its own ancestor."""
    requirements = tuple(requirements)
    counts = Counter(requirement.ref for requirement in requirements)
    problems = [f"{ref}: listed {n} times" for ref, n in counts.items() if n > 1]
    parents = {requirement.ref: requirement.parent for requirement in requirements}
    for requirement in requirements:
        if requirement.parent is not None and requirement.parent not in parents:
            problems.append(f"{requirement.ref}: its parent {requirement.parent} is not in the catalogue")
        if requirement.superseded_by and requirement.superseded_by not in parents:
            problems.append(f"{requirement.ref}: superseded by {requirement.superseded_by}, which is not there")
    problems += [f"{ref}: is its own ancestor" for ref in parents if _in_cycle(ref, parents)]
    return problems


def _in_cycle(ref: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(ref)
    while above is not None and above not in seen:
        if above == ref:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _count_problems(requirements: tuple[Requirement, ...], stated: Any) -> list[str]:
    """A file that states its own counts must keep to them, so that a lost row is seen at once."""
    if stated is None:
        return []
    if not isinstance(stated, dict):
        return ["counts is not a mapping of level to number"]
    found = Counter(requirement.level for requirement in requirements)
    found["assessable"] = sum(requirement.assessable for requirement in requirements)
    return [f"states {n} of {key}, holds {found[key]}" for key, n in stated.items() if found[key] != n]
