"""What makes a control of a starter set unfit: said of each, in words, so that its author can mend it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from compliance.frameworks.catalogue import Catalogue

from .evidence_rules import FREQUENCIES, evidence_problems

CHOICES = {
    "frequency": FREQUENCIES,
    "nature": ("manual", "automated"),
    "kind": ("preventive", "detective", "corrective"),
}
TESTS = ("inquiry", "observation", "inspection", "reperformance")
#: The longest text that a field may hold, as its column has it.
LENGTHS = {"title": 200, "owner_role": 120, "population": 200}
_CONTROL = {"ref", "title", "statement", "owner_role", *CHOICES, "key", "tested_by_sample", "population"}
_CONTROL |= {"test_procedures", "evidence", "requirements"}


def control_problems(row: Any, *, family: Mapping[str, Any], catalogues: Mapping[str, Catalogue]) -> list[str]:
    """Everything that keeps one control from being adopted."""
    if not isinstance(row, dict) or not isinstance(row.get("ref"), str):
        return ["a control without ref"]
    problems = [] if _text(family.get("area"), "title") else ["the family has no area"]
    if not re.fullmatch(rf"{re.escape(str(family.get('family')))}-\d\d", row["ref"]):
        problems.append("the ref is not the family's code and two digits")
    problems += [
        f"no {key}, or too long" for key in ("title", "statement", "owner_role") if not _text(row.get(key), key)
    ]
    problems += [
        f"{key} {row.get(key)!r} is none of {', '.join(of)}" for key, of in CHOICES.items() if row.get(key) not in of
    ]
    problems += [
        f"{key} is neither true nor false" for key in ("key", "tested_by_sample") if not isinstance(row.get(key), bool)
    ]
    problems += [f"unknown key {key!r}" for key in row if key not in _CONTROL]
    problems += _auditability(row)
    problems += _tests(row.get("test_procedures"))
    problems += _evidence(row.get("evidence"))
    problems += _requirements(row.get("requirements"), catalogues)
    return [f"{row['ref']}: {problem}" for problem in problems]


def _text(value: Any, key: str) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LENGTHS.get(key, 4000)


def _auditability(row: Mapping[str, Any]) -> list[str]:
    sampled = row.get("tested_by_sample")
    if sampled and not _text(row.get("population"), "population"):
        return ["is tested by sample and names no population"]
    return ["names a population and is not tested by sample"] if not sampled and row.get("population") else []


def _tests(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(step, dict) and len(step) == 1 for step in given):
        return ["no list of test procedures, each with one type"]
    steps = [pair for step in given for pair in step.items()]
    problems = [f"unknown type of test {kind!r}" for kind, _ in steps if kind not in TESTS]
    problems += [f"a test of type {kind} says nothing" for kind, text in steps if not _text(text, "text")]
    # AT-C 205: inquiry alone is never enough to conclude that a control operated.
    return problems if {kind for kind, _ in steps} - {"inquiry"} else [*problems, "is tested by inquiry alone"]


def _evidence(given: Any) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        return ["no evidence"]
    keys = Counter(str(one.get("key")) for one in given)
    problems = [f"the evidence key {key} is used {n} times" for key, n in keys.items() if n > 1]
    for one in given:
        problems += [f"evidence {one.get('key')}: {problem}" for problem in evidence_problems(one)]
    return problems


def _requirements(given: Any, catalogues: Mapping[str, Catalogue]) -> list[str]:
    if not isinstance(given, dict) or not given:
        return ["is mapped to no requirement"]
    problems = []
    for framework, refs in given.items():
        catalogue = catalogues.get(framework)
        if catalogue is None or not isinstance(refs, dict):
            problems.append(f"no catalogue {framework!r}, or no refs below it")
            continue
        for ref, part in refs.items():
            row = catalogue.by_ref.get(ref) if isinstance(ref, str) else None
            if row is None:
                problems.append(f"{framework} has no {ref!r}; a ref that looks like a number needs quotes")
            elif not row.assessable:
                problems.append(f"{framework} {ref} only groups others and cannot be met")
            if not isinstance(part, str) or not part.strip() or len(part) > 300:
                problems.append(f"{framework} {ref}: does not say which part it meets")
    return problems
