"""The data flows as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compliance.trail.actors import Actor
from compliance.web.imports.columns import Column, choice, flag, several, told, words
from compliance.web.imports.planning import Row

from ..models import Direction, Flow, System
from ..selectors import data_classes, flows
from ..services.landscape import FLOW_FIELDS
from ..services.taking import Taken, take_flows
from .lookups import Named, system_column


class Flows:
    """The intake of flows (compliance/web/imports)."""

    noun = "flows"

    def __init__(self) -> None:
        self.systems = Named((), "system")
        self.classes: dict[str, str] = {}
        self.by_ref: dict[str, Flow] = {}
        self.lines: dict[Any, int] = {}
        self.columns: Sequence[Column] = _columns(self)

    def begin(self) -> None:
        """Read the register and its flows once."""
        self.systems = Named(System.objects.only("id", "ref", "name", "organization"), "system")
        present = list(flows())
        held = {each for flow in present for each in flow.data_classes}
        self.classes, self.lines = {each: each for each in held} | data_classes(), {}
        self.by_ref = {flow.ref.lower(): flow for flow in present}

    def find(self, row: Row) -> Flow | None:
        """By reference; a row without one is a new flow."""
        ref = row.cells.get("ref", "")
        found = self.by_ref.get(ref.lower())
        if ref and found is None:
            row.fault("ref", f"There is no {ref[:20]} here. Leave the cell empty to add a flow.")
        if found is not None:
            row.label = f"{found.ref} {found.source.name} to {found.target.name}"
        return found

    def present(self, existing: Flow) -> Mapping[str, Any]:
        return values_of(existing)

    def check(self, row: Row) -> None:
        source, target = [row.values.get(name, getattr(row.existing, name, None)) for name in ("source", "target")]
        if source is not None and source == target:
            row.fault("target", "A flow goes from one entry of the register to another.")
        if row.existing is None and source is not None and target is not None:
            row.label = f"{source.name} to {target.name}"
        if row.existing is not None:
            if row.existing.pk in self.lines:
                row.fault("ref", f"Line {self.lines[row.existing.pk]} speaks of the same flow.")
            self.lines.setdefault(row.existing.pk, row.line)

    def take(self, actor: Actor, rows: Sequence[Row]) -> None:
        taken = []
        for row in rows:
            before, after = ({each[0]: each[place] for each in row.changed} for place in (1, 2))
            fields = {name: value for name, value in row.values.items() if name in FLOW_FIELDS}
            taken.append(Taken(row.existing, fields, told=(before, after)))
        take_flows(actor=actor, rows=taken)


def exported() -> Iterator[dict[str, Any]]:
    """Every flow, as `Flows().columns` write it."""
    return (values_of(flow) for flow in flows().iterator(chunk_size=2000))


def values_of(flow: Flow) -> dict[str, Any]:
    """What a flow's row says."""
    return {name: getattr(flow, name) for name in ("ref", *FLOW_FIELDS)} | {
        "source_name": flow.source.name, "target_name": flow.target.name
    }  # fmt: skip


def _columns(intake: Flows) -> list[Column]:
    return [
        words("ref", "Reference", 12, also=("reference",), help="Of a flow that is here; empty adds one"),
        system_column("source", "From", lambda: intake.systems),
        told("source_name", "From, by name"),
        system_column("target", "To", lambda: intake.systems),
        told("target_name", "To, by name"),
        several("data_classes", "What it carries", lambda: intake.classes, also=("data", "carries"), help="customer|personal"),
        choice("direction", "Direction", Direction.choices, empty=Direction.ONE_WAY.value, help="one_way, both_ways"),
        flag("encrypted", "Encrypted", help="yes, no; empty where nobody has said"),
        words("description", "What for", 10_000, also=("description", "purpose")),
    ]
