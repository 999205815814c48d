"""Reads the crosswalk: which requirement of one framework stands to which of another, and how. No models here.

A relation reads from `from` to `to`. `intersects` and `subset` are candidates and count nothing; `equal` and
`superset` are proposed; none counts before a person has confirmed it (definitions, Crosswalk).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from compliance.frameworks.catalogue import FOLDER, Catalogue, CatalogueError, load_yaml


class Relation(StrEnum):
    """How the from-requirement stands to the to-requirement."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"


class Confidence(StrEnum):
    """How well a row is supported: by the publisher or two public mappings, by one, by our analysis alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Row:
    """One relation. `source` holds ids of the crosswalk's sources; `#section` after one marks a coarser support."""

    from_framework: str
    from_ref: str
    to_framework: str
    to_ref: str
    relation: Relation
    source: tuple[str, ...]
    confidence: Confidence

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return (self.from_framework, self.from_ref), (self.to_framework, self.to_ref)


@dataclass(frozen=True)
class Crosswalk:
    """All relations of one crosswalk file, with where they come from (source id to what it is)."""

    id: str
    title: str
    version: str
    licence_note: str
    sources: Mapping[str, str]
    rows: tuple[Row, ...]


def read_crosswalk(catalogues: Iterable[Catalogue], path: Path = FOLDER / "crosswalk.yaml") -> Crosswalk:
    """Read and validate a crosswalk against the catalogues. Raises CatalogueError with every problem found."""
    content = load_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("rows"), list):
        raise CatalogueError(path.name, ["no list of rows"])
    sources = _sources(content.get("sources"), path.name)
    known = {(catalogue.id, ref) for catalogue in catalogues for ref in catalogue.by_ref}
    problems = [
        problem
        for number, row in enumerate(content["rows"], 1)
        for problem in _row_problems(row, number, known, sources)
    ]
    if problems:
        raise CatalogueError(path.name, problems)
    rows = tuple(_row(row) for row in content["rows"])
    problems = _duplicates(rows)
    if len(rows) != content.get("count", len(rows)):
        problems.append(f"states {content['count']} rows, holds {len(rows)}")
    if problems:
        raise CatalogueError(path.name, problems)
    head = {key: str(content.get(key, "")) for key in ("id", "title", "version", "licence_note")}
    return Crosswalk(**head, sources=sources, rows=rows)


def _sources(listed: Any, file: str) -> dict[str, str]:
    if not isinstance(listed, list) or not all(
        isinstance(one, dict) and {"id", "what"} <= one.keys() for one in listed
    ):
        raise CatalogueError(file, ["no list of sources, each with id and what"])
    return {str(one["id"]): str(one["what"]) for one in listed}


def _row(row: Mapping[str, Any]) -> Row:
    kept = {key: row[key] for key in ("from_framework", "from_ref", "to_framework", "to_ref")}
    return Row(
        **kept,
        relation=Relation(row["relation"]),
        source=tuple(row["source"]),
        confidence=Confidence(row["confidence"]),
    )


def _row_problems(row: Any, number: int, known: set[tuple[str, str]], sources: Mapping[str, str]) -> list[str]:
    if not isinstance(row, dict):
        return [f"row {number} is not a mapping"]
    problems = []
    for side in ("from", "to"):
        framework, ref = row.get(f"{side}_framework"), row.get(f"{side}_ref")
        if not (isinstance(framework, str) and isinstance(ref, str) and (framework, ref) in known):
            problems.append(f"row {number}: no requirement {ref!r} in {framework!r}")
    if row.get("relation") not in list(Relation):
        problems.append(f"row {number}: the relation {row.get('relation')!r} is unknown")
    if row.get("confidence") not in list(Confidence):
        problems.append(f"row {number}: the confidence {row.get('confidence')!r} is unknown")
    named = row.get("source")
    if not isinstance(named, list) or not named:
        return [*problems, f"row {number}: no source"]
    missing = [source for source in named if str(source).split("#")[0] not in sources]
    return problems + [f"row {number}: the source {source!r} is not listed" for source in missing]


def _duplicates(rows: tuple[Row, ...]) -> list[str]:
    """The same pair twice, in either direction, would let one relation contradict the other."""
    counts = Counter(frozenset(row.ends) for row in rows)
    pairs = (sorted(pair) for pair, n in counts.items() if n > 1 or len(pair) == 1)
    return [" and ".join(f"{framework} {ref}" for framework, ref in pair) + ": paired twice" for pair in pairs]
