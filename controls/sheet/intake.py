"""The matrix as it comes in. A line is a control under a requirement, so a control may stand on several lines: what one of
them changes is changed, and two that say different things are a fault. A line that is not there takes nothing away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from compliance.trail.actors import Actor
from compliance.web.imports.columns import CellError, Column
from compliance.web.imports.planning import Row

from ..export import stated
from ..models import Control, Implementation
from ..models import Mapping as ControlMapping
from ..services.change import REF, WANTED, WRONG_REF
from ..services.taking import Taken, take_controls
from .columns import STATED, columns_of
from .names import Asked, Frameworks, Owners, Requirements, owners

#: What a control always says: a cell may change it and not empty it.
_NEVER_EMPTY = ("title", "statement", "nature", "kind", "key", "implementation", "tested_by_sample")
#: What a new control is where its line does not say.
_USUAL: dict[str, Any] = {
    "nature": "manual", "kind": "preventive", "key": True, "implementation": Implementation.PLANNED.value, "tested_by_sample": False,
}  # fmt: skip
#: Near what a cell holds (compliance/web/imports/tables.py): a text may have been cut on its way out, which is no change.
_FULL = 30_000


class Bare(NamedTuple):
    """A requirement without a control: it tells that nothing meets it, and does nothing."""

    asked: Asked | None


@dataclass(frozen=True)
class Line:
    """A control on a line: one that is here, or one that an earlier line adds, and the requirement beside it."""

    stated: Mapping[str, Any]
    control: Control | None
    asked: Asked | None
    part: str | None

    def __str__(self) -> str:
        return f"{self.stated['ref']} under {self.asked.ref}" if self.asked else str(self.stated["ref"])


class Controls:
    """The matrix' intake (compliance/web/imports)."""

    noun = "controls"

    def __init__(self) -> None:
        self.frameworks: Frameworks
        self.owners: Owners
        self.requirements: Requirements
        self.by_ref: dict[str, Control] = {}
        self.parts: dict[tuple[UUID, UUID], str] = {}
        self.new: dict[str, Row] = {}
        self.said: dict[tuple[Any, ...], tuple[int, str]] = {}
        self.columns: Sequence[Column] = columns_of(self)
        self._by_label = {column.label: column for column in self.columns}
        self._by_name = {column.name: column for column in self.columns}

    def begin(self) -> None:
        """Read once what the rows are held against."""
        self.frameworks, self.owners, self.requirements = Frameworks(), owners(), Requirements()
        self.by_ref = {each.ref: each for each in Control.objects.select_related("owner")}
        mapped = ControlMapping.objects.order_by().values_list("control_id", "requirement_id", "part")
        self.parts = {(control, requirement): part for control, requirement, part in mapped}
        self.new, self.said = {}, {}

    def find(self, row: Row) -> Any:
        """The control that a line names by its reference; None on the line that adds it. May add faults."""
        asked = self._asked(row)
        ref = row.values["ref"] = str(row.values.get("ref") or "").upper()
        row.label = f"{ref or 'No control'} under {asked.ref}" if asked else ref
        row.values["asked"] = asked
        if not ref:
            return Bare(asked)
        control = self.by_ref.get(ref)
        if control is not None:
            part = self.parts.get((control.pk, asked.id)) if asked else None
            line = Line(stated(control), control, asked, part)
            self._restore_what_was_cut(row, line)
            return line
        if ref in self.new:
            return self._further(row, self.new[ref], asked)
        self.new[ref] = row
        return None

    def _asked(self, row: Row) -> Asked | None:
        ref = row.values.get("requirement", "")
        if not ref:
            if row.cells.get("part"):
                row.fault("part", "Name the requirement that this is a part of.")
            row.values["framework"] = None  # a framework alone says nothing
            return None
        try:
            asked = self.requirements.find(ref, row.values.get("framework"))
        except CellError as fault:
            row.fault("requirement", str(fault))
            return None
        row.values |= {"framework": asked.framework_id, "requirement": asked.ref}
        return asked

    def _further(self, row: Row, first: Row, asked: Asked | None) -> Line:
        """Another line of a control that the file adds: what it leaves empty, the first line has said."""
        for name in STATED:
            if not row.cells.get(name) and name in row.values:
                row.values[name] = first.values.get(name)
        return Line(dict(first.values), None, asked, None)

    def _restore_what_was_cut(self, row: Row, line: Line) -> None:
        for name, cell in row.cells.items():
            if len(cell) > _FULL and name in STATED:
                present = line.stated[name]
                if self._by_name[name].text(present).startswith(cell):
                    row.values[name] = present
                    row.faults.pop(name, None)

    def present(self, existing: Any) -> Mapping[str, Any]:
        """What stands there: the control as it is stated, and the requirement where it is mapped to it."""
        if isinstance(existing, Bare):
            asked = existing.asked
            return {"framework": asked.framework_id, "requirement": asked.ref} if asked else {}
        found = dict(existing.stated)
        found |= {"framework": None, "requirement": "", "part": existing.part or ""}
        if existing.asked and existing.part is not None:
            found |= {"framework": existing.asked.framework_id, "requirement": existing.asked.ref}
        return found

    def check(self, row: Row) -> None:
        """What is wrong with a line as a whole, or beside another line."""
        if isinstance(row.existing, Bare):
            if row.changed:
                row.fault("ref", "Write the control’s reference: AC-07.")
            return
        if row.existing is None:
            self._check_new(row)
        for label, _, after in row.changed:
            self._check_change(row, self._by_label[label], after)
        owner = row.values.get("owner")
        if owner is not None and owner.ended_at and (row.existing is None or row.existing.stated["owner"] != owner):
            row.fault("owner", f"{owner.name} has left.")

    def _check_new(self, row: Row) -> None:
        if not REF.match(row.values["ref"]):
            row.fault("ref", WRONG_REF)
        for name, sentence in WANTED:
            if not row.values.get(name):
                row.fault(name, sentence)
        row.values |= {name: usual for name, usual in _USUAL.items() if row.values.get(name) in (None, "")}
        if row.values["implementation"] == Implementation.RETIRED:
            row.fault("implementation", "A new control cannot be retired.")

    def _check_change(self, row: Row, column: Column, after: str) -> None:
        name, existing = column.name, row.existing
        if existing is not None and not after and name in _NEVER_EMPTY:
            row.fault(name, f"{column.label} may not be empty.")
        if existing is not None and existing.control is None and name in STATED:
            row.fault(name, f"Line {self.new[row.values['ref']].line} says otherwise of the same control.")
        if name == "implementation" and existing is not None and existing.control is not None:
            self._check_retirement(row, existing.control)
        key = (row.values["ref"], name) if name in STATED else (row.values["ref"], name, row.values["asked"])
        line, said = self.said.setdefault(key, (row.line, after))
        if said != after:
            row.fault(name, f"Line {line} says otherwise of the same control.")

    @staticmethod
    def _check_retirement(row: Row, control: Control) -> None:
        if row.values["implementation"] == Implementation.RETIRED:
            row.fault("implementation", "Retiring a control needs a reason: use “Retire” on its page.")
        elif control.implementation == Implementation.RETIRED:
            row.fault("implementation", "It is retired. Take it up again on its page first.")

    def take(self, actor: Actor, rows: Sequence[Row]) -> None:
        """Add and change controls and what they are mapped to, each control once."""
        found: dict[str, Taken] = {}
        for row in rows:
            ref, existing = row.values["ref"], row.existing
            taken = found.setdefault(ref, Taken(ref, existing.control if existing else None))
            names = {self._by_label[label].name for label, _, _ in row.changed}
            if existing is None:
                taken.fields |= {name: row.values[name] for name in STATED if name in row.values}
            elif existing.control is not None:
                taken.fields |= {name: row.values[name] for name in STATED if name in names}
            asked: Asked | None = row.values["asked"]
            if asked and (existing is None or names & {"requirement", "part"}):
                taken.parts[asked.id] = row.values.get("part", existing.part or "" if existing else "")
        take_controls(actor=actor, rows=list(found.values()))
