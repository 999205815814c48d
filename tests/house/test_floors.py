"""The laws of the house that a linter of imports cannot see."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ("compliance", "controls", "evidence", "gaps", "audits")
CODE = [
    path for floor in (*FLOORS, "sample", "config") for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
]


def _floor(model: type[models.Model]) -> str:
    return model.__module__.split(".")[0]


def _ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if _floor(model) in FLOORS]


def _references() -> list[tuple[type[models.Model], models.Field]]:
    return [(model, field) for model in _ours() for field in model._meta.local_fields if field.is_relation]


def test_a_foreign_key_points_only_to_the_left():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model, field in _references()
        if _floor(field.related_model) in FLOORS and FLOORS.index(_floor(field.related_model)) > FLOORS.index(_floor(model))
    ]
    assert wrong == []


def test_a_reference_to_another_app_has_no_way_back():
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model, field in _references()
        if field.related_model._meta.app_label != model._meta.app_label and field.remote_field.related_name != "+"
        and _floor(field.related_model) in FLOORS and _floor(field.related_model) != _floor(model)
    ]
    assert wrong == []


def test_models_are_imported_and_not_looked_up_by_name():
    wrong = [str(path) for path in CODE if path.name != "operations.py" and re.search(r"\bapps\.get_model\(", path.read_text())]
    assert wrong == []


def test_nothing_is_named_after_nothing():
    vague = {"utils", "helpers", "common", "misc", "manager", "data", "util", "helper"}
    assert [str(path) for path in CODE if path.stem in vague] == []


def test_files_stay_small():
    sizes = {path: len(path.read_text().splitlines()) for path in CODE}
    assert [f"{path}: {size}" for path, size in sizes.items() if size > 400] == []
    assert statistics.median(sizes.values()) <= 80


def _functions() -> list[tuple[str, int, bool]]:
    found = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((f"{path.relative_to(ROOT)}:{node.name}", length, node.returns is not None))
    return found


def test_functions_stay_small_and_say_what_they_return():
    functions = _functions()
    assert statistics.median(length for _, length, _ in functions) <= 10
    assert sum(length > 50 for _, length, _ in functions) <= 0.02 * len(functions)
    untyped = [name for name, _, typed in functions if not typed]
    assert len(untyped) <= 0.02 * len(functions), untyped


@pytest.mark.parametrize("folder", ["templates", "static/css", "static/js"])
def test_pages_carry_no_inline_style_script_or_foreign_host(folder):
    wrong = []
    for path in (ROOT / folder).rglob("*"):
        if path.suffix not in {".html", ".css", ".js"} or "vendor" in path.parts:
            continue
        text = path.read_text()
        if path.suffix == ".html" and re.search(r"\sstyle=|<style|\son\w+=\"|javascript:", text):
            wrong.append(f"{path}: inline style or handler")
        if re.search(r"(?:src|href)=[\"']https?://|url\([\"']?https?://|@import\s+url\(http", text):
            wrong.append(f"{path}: another host")
    assert wrong == []


def test_every_service_leaves_a_trail_or_says_why_not():
    """A module of services that writes rows records them; the exceptions are projections that others' entries tell of."""
    projections = {
        "standing.py", "order.py", "stand.py", "judge.py", "intervals.py", "freshness.py", "lease.py", "steps.py", "adopt.py",
        "keeping.py",  # a version is kept by the service that changes the control, and its entry tells of the change
        "erasure.py",  # leaves a tombstone: the trail itself goes
        "digests.py",  # a mail sent is no change
        "follow.py",  # a population's state and its controls follow from a deed that records itself
        "drop.py",  # a draft changes nothing; what becomes of it is a push, which records itself
        "refuse.py",  # that a push was refused: nothing was done to anything
        "stating.py",  # who answers for a population, kept by the service that changes it, and its entry tells of the change
        "sightings.py",  # one leaf of the log tells of all that a run saw again
        "progress.py",  # pages in hand become a version at the end of their step
        "append.py",  # a leaf tells of a deed that records itself
        "mailboxes.py",  # an account is no room's; the acceptance of an invitation or a seat records itself
        "openings.py",  # writes what may be read after the audit only
    }
    wrong = []
    for path in CODE:
        if "services" not in path.parts and path.stem != "services" or path.name in projections | {"__init__.py"}:
            continue
        text = path.read_text()
        writes = re.search(r"\.(save|bulk_create|bulk_update|update_or_create|get_or_create|delete)\(|objects\.create\(", text)
        if writes and "record(" not in text:
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []
