"""What makes a starter control's evidence unfit to be asked for: said in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import naming
from .request_list import request_list
from .templates import templates

FREQUENCIES = (
    "continuous", "daily", "weekly", "monthly", "quarterly", "semi_annual", "annual", "two_years", "on_event",
)  # fmt: skip
#: What kind of thing shows it. A population is a complete list, a sample is drawn from one, and so on.
KINDS = ("population", "sample", "document", "configuration", "observation", "inquiry")
#: The longest text that a field may hold, as its column has it.
LENGTHS = {"title": 200, "key": 60, "format": 60, "naming": 120, "template": 60, "population_template": 40}
CHOICES = {
    "cadence": FREQUENCIES, "source": ("collector", "person"), "span": ("point", "period"), "kind": KINDS,
}  # fmt: skip
_TEXTS = ("key", "title", "artefact", "format")
_KNOWN = {
    *_TEXTS, *CHOICES, "checks", "facts", "items", "naming", "template", "population_template", "steps", "thresholds",
}  # fmt: skip
_CHECK = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")
_STEPS = range(2, 11)
LONGEST_STEP = 400


def evidence_problems(one: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with one entry."""
    problems = [f"no {key}, or too long" for key in _TEXTS if not is_text(one.get(key), key)]
    problems += [f"{key} {one.get(key)!r} is none of {', '.join(of)}" for key, of in CHOICES.items() if one.get(key) not in of]
    problems += [f"unknown key {key!r}" for key in one if key not in _KNOWN]
    return problems + _guidance(one) + _checks(one)


def is_text(value: Any, key: str) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LENGTHS.get(key, 4000)


def _guidance(one: Mapping[str, Any]) -> list[str]:
    problems = [f"{item} is not on the request list" for item in one.get("items", []) if item not in request_list().items]
    if "naming" in one:
        problems += [f"naming: {fault}" for fault in naming.faults(str(one["naming"]))]
    if "template" in one and one["template"] not in templates():
        problems.append(f"there is no template {one['template']!r}")
    if "population_template" in one and not re.fullmatch(r"[a-z][a-z_]{1,38}", str(one["population_template"])):
        problems.append("population_template is not the key of one")
    if one.get("source") == "person":
        problems += _steps(one.get("steps"))
        if "template" not in one:
            problems.append("comes from a person and has no template")
    return problems


def _steps(steps: Any) -> list[str]:
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        return ["comes from a person and has no steps"]
    problems = [] if len(steps) in _STEPS else ["has fewer than 2 or more than 10 steps"]
    unfinished = [step for step in steps if not step.endswith(".") or len(step) > LONGEST_STEP]
    return problems + [f"a step is no sentence, or too long: {step[:40]}" for step in unfinished]


def _checks(one: Mapping[str, Any]) -> list[str]:
    checks, thresholds = one.get("checks", []), one.get("thresholds", {})
    if not isinstance(checks, list) or not all(isinstance(check, str) and _CHECK.fullmatch(check) for check in checks):
        return ["checks is not a list of check ids"]
    problems = []
    if len({check.split(".")[0] for check in checks}) > 1:
        problems.append("its checks belong to more than one vendor")
    if one.get("source") == "collector" and not checks and not one.get("facts"):
        problems.append("comes from a collector and names no check and no fact kind")
    if one.get("source") == "person" and checks:
        problems.append("comes from a person and names checks")
    if not isinstance(thresholds, dict) or not all(isinstance(stated, dict) and stated for stated in thresholds.values()):
        return [*problems, "thresholds are not numbers by check and name"]
    return problems + [f"states thresholds of {check}, which does not judge it" for check in thresholds if check not in checks]
