"""The committed budgets of queries, and how they are rewritten: `FIELDWORK_WRITE_BUDGETS=1` (docs/contributing.md)."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

FILE = Path(__file__).with_name("query_budgets.json")
WRITING = os.environ.get("FIELDWORK_WRITE_BUDGETS", "") not in {"", "0"}
HOW = "FIELDWORK_WRITE_BUDGETS=1 ./run test tests/house/test_query_budgets.py"


class Budgets:
    """What each page may cost; collects what it did cost, and writes that where it was asked to."""

    def __init__(self) -> None:
        self.allowed: dict[str, int] = json.loads(FILE.read_text()) if FILE.exists() else {}
        self.found: dict[str, int] = {}

    def complaint(self, name: str, cost: int) -> str:
        """What is wrong with this cost, or nothing."""
        self.found[name] = cost
        if WRITING:
            return ""
        if name not in self.allowed:
            return f"{name} has no budget: it took {cost} queries. If that is what it needs, add it with `{HOW}`."
        if cost > self.allowed[name]:
            return f"{name} took {cost} queries, its budget is {self.allowed[name]}. If it has to be more, say why and use `{HOW}`."
        return ""

    def write(self, every: set[str]) -> None:
        """Rewrite the file, sorted; entries of what was not measured stay while their page is there."""
        if os.environ.get("CI"):
            raise RuntimeError("Budgets are written by a person and committed, never by CI.")
        kept = {name: cost for name, cost in self.allowed.items() if name in every} | self.found
        FILE.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
        changed = sorted(name for name in kept | self.allowed if kept.get(name) != self.allowed.get(name))
        lines = [f"  {name}: {self.allowed.get(name, 'new')} -> {kept.get(name, 'gone')}" for name in changed]
        warnings.warn("\n".join([f"{FILE.name} was written, {len(lines)} changed:", *lines]), stacklevel=2)
