"""A CSV or XLSX file as a push: the columns that a kind's terms make, and the intake that looks through the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from compliance.web.imports.cells import joined, parted
from compliance.web.imports.columns import NO_MOMENT, CellError, Column, choice, flag, moment_in, words
from compliance.web.imports.planning import Row

from .base import FactKind
from .push.fitting import faults_of
from .push.quick import is_day, is_moment
from .shapes import Term

Take = Callable[[Sequence[dict[str, Any]]], None]


def columns_of(kind: FactKind, zone: str) -> list[Column]:
    """A column for each term. A time without an offset is one of the organisation's own zone."""
    assert kind.shape is not None
    return [_column(term, ZoneInfo(zone)) for term in kind.shape.terms]


def _column(term: Term, zone: ZoneInfo) -> Column:
    more: dict[str, Any] = {"needed": term.needed, "also": term.also, "help": term.means}
    if term.type == "text":
        return words(term.name, term.label, term.most, **more)
    if term.type == "flag":
        return flag(term.name, term.label, **more)
    if term.type == "choice":
        return choice(term.name, term.label, [(each, each.capitalize()) for each in term.choices], **more)
    if term.type == "words":
        return Column(term.name, term.label, parted, joined, empty=None, **more)
    read = {"moment": lambda cell: _moment(cell, zone), "day": _day, "number": _number}[term.type]
    return Column(term.name, term.label, read, empty=None, **more)


def _moment(cell: str, zone: ZoneInfo) -> str:
    told = moment_in(cell, zone).isoformat(timespec="seconds")
    if not is_moment(told):
        raise CellError(NO_MOMENT)
    return told.replace("+00:00", "Z")


def _day(cell: str) -> str:
    try:
        told = date.fromisoformat(cell).isoformat()
    except ValueError:
        told = ""
    if not is_day(told):
        raise CellError("Write the day as 2026-11-30.")
    return told


def _number(cell: str) -> float | int:
    try:
        return int(cell) if cell.lstrip("-").isdecimal() and len(cell) < 17 else float(cell)
    except ValueError:
        raise CellError("Write a number, as 1234.5.") from None


class Dropped:
    """An intake whose rows are facts: every row is new, for a list replaces the one before it."""

    def __init__(self, kind: FactKind, zone: str, take: Callable[[Sequence[dict[str, Any]]], None]) -> None:
        assert kind.shape is not None
        self.kind, self.shape, self._take = kind, kind.shape, take
        self._columns = columns_of(kind, zone)
        self._met: dict[Any, int] = {}

    @property
    def noun(self) -> str:
        return "rows"

    @property
    def columns(self) -> Sequence[Column]:
        return self._columns

    def begin(self) -> None:
        self._met = {}

    def find(self, row: Row) -> Any:
        return None

    def present(self, existing: Any) -> Mapping[str, Any]:
        return {}

    def check(self, row: Row) -> None:
        """What the schema says of the row as it would be sent, beside the cell; and a row that is there twice."""
        sent = fact_of(row)
        row.label = " ".join(str(sent.get(name, "")) for name in self.shape.identified_by).strip() or f"Line {row.line}"
        if row.faults:
            return
        for fault in faults_of(self.kind, row.line, sent):
            row.fault(fault.path.strip("/").partition("/")[0] or self.shape.identified_by[0], fault.message)
        first = self._met.setdefault(self.shape.key_of(sent), row.line)
        if first != row.line:
            row.fault(self.shape.identified_by[0], f"It stands in line {first} already.")

    def take(self, actor: Any, rows: Sequence[Row]) -> None:
        self._take([fact_of(row) for row in rows])


def fact_of(row: Row) -> dict[str, Any]:
    """The fact that a row of a file says: what its cells leave empty is left out, and so unknown."""
    return {name: value for name, value in row.values.items() if value not in (None, "", [])}
