"""A file that somebody brings, read as rows of a template: columns mapped, cells typed, faults beside the cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compliance.web.imports import columns as cols
from compliance.web.imports.columns import CellError, Column
from compliance.web.imports.tables import UnreadableError, read_lines
from compliance.web.workbook import MEDIA_TYPE as WORKBOOK

from .catalogue import Attribute, Template
from .items import Item, cell_text, unsaid
from .measuring import day_in
from .spans import Period

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 100_000
#: A file up to this size is read while its bringer waits; a longer one by a worker.
READ_AT_ONCE = 256 * 1024
#: Faults and rows that a preview shows; the rest are counted.
SHOWN = 50
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


def media_of(file: Any) -> str:
    """A workbook or text: what it is, its content says."""
    head = file.read(4)
    file.seek(0)
    return WORKBOOK if head == b"PK\x03\x04" else "text/csv"


@dataclass
class Fault:
    """What is wrong with a cell."""

    line: int
    column: str
    cell: str
    what: str


@dataclass
class Read:
    """A file as it was read. `problem` is what keeps it from being read at all; `repeated` rows stand more than once."""

    heads: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: int = 0
    problem: str = ""

    @property
    def may_freeze(self) -> bool:
        return not self.problem and not self.faulty

    def report(self, template: Template) -> dict[str, Any]:
        """What the page of the file shows, as JSON."""
        preview = [[cell_text(item.cells.get(each.name)) for each in template.attributes] for item in self.items[:10]]
        return {
            "heads": self.heads, "chosen": self.chosen, "rows": len(self.items), "faulty": self.faulty,
            "faults": [vars(each) for each in self.faults[:SHOWN]], "preview": preview, "problem": self.problem,
        }  # fmt: skip


def read_file(content: bytes, template: Template, chosen: Mapping[str, str], period: Period, source: str) -> Read:
    """Read a file. `chosen` says which column holds which attribute, by its head; the others are found by their names.

    A moment without an offset is of the period's zone. An empty cell of what the template asks for is unknown, never
    empty: a source that says nothing is not a source that says there is nothing.
    """
    made = Read()
    try:
        lines = read_lines(content, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
        _, made.heads = next(lines)
        fields = columns_of(template, period)
        found = cols.mapped(made.heads, fields, chosen)
        made.chosen = [column.name if column else "" for column in found]
        lacking = [each.label for each in template.attributes if each.name in template.identified_by and each.name not in made.chosen]
        if lacking:
            made.problem = f"Say which column holds: {', '.join(lacking)}. Without it no row can be told from another."
            return made
        for line, cells in lines:
            _take(made, _row(template, found, line, cells, source, period))
    except UnreadableError as fault:
        return Read(problem=str(fault))
    return made


def _take(made: Read, row: tuple[Item, list[Fault]]) -> None:
    item, faults = row
    made.items.append(item)
    if faults:
        made.faulty += 1
        made.faults += faults[: max(0, SHOWN - len(made.faults))]


def _row(
    template: Template, columns: Sequence[Column | None], line: int, cells: Sequence[str], source: str, period: Period
) -> tuple[Item, list[Fault]]:  # fmt: skip
    told: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, cell in zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False):
        if column is None:
            continue
        try:
            told[column.name] = column.value(cell)
        except CellError as fault:
            faults.append(Fault(line, column.label, cell[:120], str(fault)))
    values = {each.name: unsaid() if told.get(each.name) is None else told[each.name] for each in template.attributes}
    faults += _outside(template, values, line, period)
    id = " ".join(cell_text(values[name]) for name in template.identified_by)
    return Item(source, id, values), faults


def _outside(template: Template, values: Mapping[str, Any], line: int, period: Period) -> Iterator[Fault]:
    attribute = template.attribute(template.dated_by)
    day = day_in(values.get(template.dated_by), period) if attribute else None
    if attribute is None or day is None or period.holds_day(day) or (template.goes_on and day < period.first):
        return
    said = f"It lies outside {period.first.isoformat()} to {period.last.isoformat()}."
    yield Fault(line, attribute.label, cell_text(values[template.dated_by]), said)


def columns_of(template: Template, period: Period) -> list[Column]:
    """The columns that a file of a template may have. What tells one item from another may not be empty."""
    return [_column(each, period, each.name in template.identified_by) for each in template.attributes]


def _column(each: Attribute, period: Period, needed: bool) -> Column:
    more: dict[str, Any] = {"needed": needed, "empty": None, "help": each.means}
    if each.type == "day":
        return Column(each.name, each.label, lambda cell: _day(cell, period), **more)
    if each.type == "moment":
        return Column(each.name, each.label, lambda cell: cols.moment_in(cell, period.zone).isoformat(timespec="seconds"), **more)
    if each.type == "number":
        return Column(each.name, each.label, _number, **more)
    if each.type == "flag":
        return cols.flag(each.name, each.label, needed=needed, help=each.means)
    return cols.words(each.name, each.label, 2_000, **more)


def _day(cell: str, period: Period) -> str:
    found = day_in(cell, period)
    if found is None:
        raise CellError("Write the day as 2026-11-30.")
    return found.isoformat()


def _number(cell: str) -> int | float:
    plain = cell.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", cell) else cell
    if not _NUMBER.fullmatch(plain):
        raise CellError("Write a number.")
    return float(plain) if "." in plain else int(plain)
