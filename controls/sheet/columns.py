"""The columns of the matrix as a table, in an auditor's order. What only tells how things stand is never read back."""

from __future__ import annotations

from typing import Any, Protocol

from compliance.web.csv_lines import moment
from compliance.web.imports.columns import Column, choice, day, flag, told, words

from ..models import Control, Frequency, Implementation
from .names import Frameworks, Owners
from .procedures import read, written

#: Fields of Control that the table states, all of `services.change.EDITABLE`.
STATED = (
    "title", "statement", "area", "owner", "owner_role", "frequency", "nature", "kind", "key", "implementation", "starts_on",
    "tested_by_sample", "population", "test_procedures",
)  # fmt: skip


class Names(Protocol):
    """Whatever the cells name, read once before the first of them."""

    frameworks: Frameworks
    owners: Owners


def columns_of(names: Names) -> list[Column]:
    """All columns; `names` may be filled in later, but before a cell is read or written."""
    return [
        words("requirement", "Requirement", 200, also=("criterion", "clause"), help="Its reference, as CC6.1; empty: none"),
        told("requirement_title", "Requirement title"),
        words("part", "Part met", 300, help="Empty: all of it"),
        words("ref", "Control", 12, also=("reference", "ref", "control ref"), help="Its reference, as AC-07; a new one adds a control"),
        words("title", "Title", 200, also=("control title", "name")),
        words("statement", "Statement", 30_000, also=("description", "control statement")),
        words("area", "Area", 60),
        Column(
            "owner", "Owner", lambda cell: names.owners.find(cell), lambda owner: names.owners.name(owner), empty=None,
            help="A member’s name or address",
        ),
        words("owner_role", "Owner role", 120),
        _worded("frequency", "Frequency", Frequency.choices, also=("cadence", "how often")),
        _worded("nature", "Done by", _choices("nature"), also=("nature",), help="Manual or automated; empty for a new control: manual"),
        _worded("kind", "Kind", _choices("kind"), also=("type",)),
        flag("key", "Key control", also=("key",)),
        _worded("implementation", "In place", Implementation.choices, also=("implementation", "status")),
        day("starts_on", "In place since"),
        flag("tested_by_sample", "Tested by sample"),
        words("population", "Population", 200),
        Column(
            "test_procedures", "Test procedures", read, written, empty=list, also=("test procedure", "tests"),
            help="One a line, as “Inspection: Inspect the review of one quarter.”",
        ),
        Column(
            "framework", "Framework", lambda cell: names.frameworks.find(cell), lambda pk: names.frameworks.names[pk],
            empty=None, help="Where several frameworks have the reference",
        ),
        told("design", "Design"), told("operation", "Operation"), told("judged", "Judged by"), told("evidence", "Evidence"),
        told("lacks", "Lacks"),
        told("filled", "Intervals filled"), told("late", "Intervals late"), told("missed", "Intervals missed"),
        told("last_evidence", "Last evidence (UTC)", moment), told("last_review", "Last review (UTC)", moment),
        told("open_gaps", "Open gaps"), told("worst_gap", "Worst gap"), told("top_gap", "First gap"),
        told("as_at", "As at (UTC)", moment),
    ]  # fmt: skip


def _choices(field: str) -> list[tuple[str, str]]:
    described: Any = Control._meta.get_field(field)
    return [(str(code), str(label)) for code, label in described.choices or ()]


def _worded(name: str, label: str, choices: list[tuple[str, str]], **more: Any) -> Column:
    """One of a list, written as people read it."""
    labels = {code: word for code, word in choices if code}
    return choice(name, label, choices, write=lambda code: labels.get(code, code), **more)
