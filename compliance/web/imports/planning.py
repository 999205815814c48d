"""What a table would do: each row an addition, a change, no change, or faults beside its cells. Nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .columns import CellError, Column, mapped
from .tables import UnreadableError, read_lines

#: How many rows of each sort a preview shows; the rest are counted.
SHOWN = 50


@dataclass
class Row:
    """A row of the file. `cells` are its texts and `values` what they mean, by field; `faults` what is wrong, by field.

    `existing` is what the row speaks of, None where it adds something; `label` names it to a person, and `changed` holds
    (field, before, after) of what differs, as text.
    """

    line: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    existing: Any = None
    label: str = ""
    changed: list[tuple[str, str, str]] = field(default_factory=list)

    def fault(self, name: str, what: str) -> None:
        """Say what is wrong with a cell; the first thing said of it stays."""
        self.faults.setdefault(name, what)


class Intake(Protocol):
    """What a room says of its table: the columns, what a row speaks of, and how the rows are taken in."""

    @property
    def noun(self) -> str:
        """What the rows are, in the plural: `systems`."""

    @property
    def columns(self) -> Sequence[Column]:
        """All columns, in the order in which they are written."""

    def begin(self) -> None:
        """Read once what the rows are held against."""

    def find(self, row: Row) -> Any:
        """What a row speaks of, or None where it adds something. May add faults."""

    def present(self, existing: Any) -> Mapping[str, Any]:
        """The present values of what exists, by field."""

    def check(self, row: Row) -> None:
        """Add the faults that no single cell shows."""

    def take(self, actor: Any, rows: Sequence[Row]) -> None:
        """Write the rows that add or change something, in the caller's transaction."""


@dataclass
class Plan:
    """What would be done. `problem` is what keeps the file from being read at all."""

    head: list[str] = field(default_factory=list)
    columns: list[Column | None] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    faulty: list[Row] = field(default_factory=list)
    same: int = 0
    problem: str = ""

    @property
    def may_apply(self) -> bool:
        return not self.problem and not self.faulty and bool(self.added or self.changed)

    @property
    def says_nothing(self) -> bool:
        """Whether everything in the file is there already."""
        return not self.problem and not self.faulty and not self.added and not self.changed

    @property
    def digest(self) -> str:
        """The same for the same effect: what a person looked at is what is applied, or else they look again."""
        told = [(row.line, row.label, row.changed) for row in (*self.added, *self.changed)]
        return hashlib.sha256(repr((told, len(self.faulty), self.problem)).encode()).hexdigest()


def plan(intake: Intake, content: bytes, chosen: Mapping[str, str]) -> Plan:
    """Read a file against what is there. Every fault of every row is found; none stops the reading."""
    made = Plan()
    try:
        lines = read_lines(content)
        _, made.head = next(lines)
        made.columns = mapped(made.head, intake.columns, chosen)
        made.problem = _lacking(made)
        if not made.problem:
            intake.begin()
            for line, cells in lines:
                _place(made, _row(intake, made, line, cells))
    except UnreadableError as fault:
        return Plan(problem=str(fault))
    return made


def _lacking(made: Plan) -> str:
    if not any(made.columns):
        return "No column of the file is one of this register. The first line names the columns."
    return ""


def _row(intake: Intake, made: Plan, line: int, cells: list[str]) -> Row:
    texts = dict(zip(made.columns, cells + [""] * (len(made.columns) - len(cells)), strict=False))
    row = Row(line, {column.name: cell for column, cell in texts.items() if column})
    for column, cell in texts.items():
        if column:
            try:
                row.values[column.name] = column.value(cell)
            except CellError as fault:
                row.fault(column.name, str(fault))
    row.existing = intake.find(row)
    _compare(intake, made, row)
    intake.check(row)
    return row


def _compare(intake: Intake, made: Plan, row: Row) -> None:
    present = intake.present(row.existing) if row.existing is not None else {}
    for column in intake.columns:
        if column.needed and row.existing is None and column.name not in row.cells:
            row.fault(column.name, f"{column.label} is missing.")
        if column.name not in row.values:
            continue
        before, after = column.text(present.get(column.name)), column.text(row.values[column.name])
        if before != after:
            row.changed.append((column.label, before, after))
    row.label = row.label or str(row.existing or row.cells.get("name") or f"Line {row.line}")


def _place(made: Plan, row: Row) -> None:
    if row.faults:
        made.faulty.append(row)
    elif row.existing is None:
        made.added.append(row)
    elif row.changed:
        made.changed.append(row)
    else:
        made.same += 1
