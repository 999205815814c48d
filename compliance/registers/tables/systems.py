"""The scope register as a table. What goes out comes in again and says that there is nothing to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.web.imports.columns import Column, choice, day, flag, several, told, words
from compliance.web.imports.planning import Row

from ..models import ENVIRONMENTS, Decision, Kind, ScopeDecision, Service, System
from ..selectors import data_classes, latest_decisions
from ..services.taking import Taken, decision_of, take_systems
from .lookups import Named, owner_column, owners, services_column

_OF_THE_DECISION = ("decision", "justification", "holds_from")


class Systems:
    """The register's intake (compliance/web/imports). `may_decide`: whether who brings the file may decide on scope."""

    noun = "systems"

    def __init__(self, *, may_decide: bool = True) -> None:
        self.may_decide = may_decide
        self.owners: dict[str, Membership] = {}
        self.services = Named((), "service")
        self.classes: dict[str, str] = {}
        self.by_ref: dict[str, System] = {}
        self.by_identifier: dict[tuple[str, str], System] = {}
        self.decisions: dict[UUID, ScopeDecision] = {}
        self.lines: dict[Any, int] = {}
        self.columns: Sequence[Column] = _columns(self)

    def begin(self) -> None:
        """Read the register once."""
        self.owners, self.services = owners(), Named(Service.objects.all(), "service")
        present = list(register_rows())
        held = {each for system in present for each in system.data_classes}
        self.classes = {each: each for each in held} | data_classes()
        self.by_ref = {system.ref.lower(): system for system in present}
        self.by_identifier = {(each.kind, each.external_id): each for each in present if each.external_id}
        self.decisions, self.lines = latest_decisions(), {}

    def find(self, row: Row) -> System | None:
        """By reference, else by kind and identifier; a row with neither is a new system."""
        ref = row.cells.get("ref", "")
        if ref:
            found = self.by_ref.get(ref.lower())
            if found is None:
                row.fault("ref", f"There is no {ref[:20]} here. Leave the cell empty to add a system.")
        else:
            found = self.by_identifier.get((row.values.get("kind", ""), row.values.get("external_id", "")))
        return found

    def present(self, existing: System) -> Mapping[str, Any]:
        return values_of(existing, self.decisions.get(existing.pk))

    def check(self, row: Row) -> None:
        self._check_twins(row)
        owner = row.values.get("owner")
        if owner is not None and owner.ended_at and (row.existing is None or row.existing.owner_id != owner.pk):
            row.fault("owner", f"{owner.name} has left.")
        if any(name in row.values for name in _OF_THE_DECISION):
            self._check_decision(row)

    def _check_twins(self, row: Row) -> None:
        kind = row.values.get("kind", row.existing.kind if row.existing else "")
        identifier = row.values.get("external_id", row.existing.external_id if row.existing else "")
        keys: list[tuple[Any, ...]] = [("identifier", kind, identifier)] if identifier else []
        keys += [("system", row.existing.pk)] if row.existing else []
        for key in keys:
            if key in self.lines:
                column = "ref" if key[0] == "system" else "external_id"
                row.fault(column, f"Line {self.lines[key]} speaks of the same system.")
            self.lines.setdefault(key, row.line)
        known = self.by_identifier.get((kind, identifier))
        if identifier and known is not None and known is not row.existing:
            row.fault("external_id", f"{known.ref} {known.name} has this identifier already.")

    def _check_decision(self, row: Row) -> None:
        before = self.present(row.existing) if row.existing else {"decision": Decision.UNDECIDED.value}
        columns = {column.name: column for column in self.columns}
        asked = {name: row.values.get(name, before.get(name)) for name in _OF_THE_DECISION}
        if all(columns[name].text(asked[name]) == columns[name].text(before.get(name)) for name in _OF_THE_DECISION):
            return
        if not self.may_decide:
            row.fault("decision", "You may not decide on scope. Leave the decision as it is.")
        if asked["decision"] not in (Decision.IN, Decision.OUT):
            was = before["decision"] != Decision.UNDECIDED
            row.fault("decision", "A decision is not taken back: decide in or out." if was else "Decide in or out.")
        if not asked["justification"]:
            row.fault("justification", "Say why. An auditor reads this.")
        if asked["holds_from"] and asked["holds_from"] > today(here().timezone):
            row.fault("holds_from", "A decision holds from a day that has come.")
        row.values["new decision"] = asked

    def take(self, actor: Actor, rows: Sequence[Row]) -> None:
        take_systems(actor=actor, rows=[self._taken(actor, row) for row in rows])

    def _taken(self, actor: Actor, row: Row) -> Taken:
        set_by_row = {name: value for name, value in row.values.items() if name in _SETTABLE}
        asked = row.values.get("new decision")
        decision = decision_of(actor, asked["decision"], asked["justification"], asked["holds_from"]) if asked else None
        apart = {column.label for column in self.columns if column.name in _OF_THE_DECISION}
        changed = [each for each in row.changed if each[0] not in apart]
        before, after = ({each[0]: each[place] for each in changed} for place in (1, 2))
        return Taken(row.existing, set_by_row, row.values.get("services"), decision, (before, after))


_SETTABLE = (
    "name", "kind", "external_id", "environment", "data_classes", "owner", "vendor", "service_account", "description"
)  # fmt: skip


def register_rows() -> Iterator[System]:
    """Every system with what its row shows, in the order of the references."""
    return System.objects.select_related("owner").prefetch_related("services").order_by("id").iterator(chunk_size=2000)


def exported() -> Iterator[dict[str, Any]]:
    """Every row of the register, as `Systems().columns` write it."""
    decisions = latest_decisions()
    for system in register_rows():
        yield values_of(system, decisions.get(system.pk))


def values_of(system: System, decision: ScopeDecision | None) -> dict[str, Any]:
    """What a system's row says."""
    own = {name: getattr(system, name) for name in ("ref", *_SETTABLE)}
    return own | {
        "services": list(system.services.all()), "decision": system.decision,
        "justification": decision.justification if decision else "",
        "holds_from": decision.effective_on if decision else None,
        "decided_by": decision.decided_by if decision else "",
        "decided_at": decision.decided_at if decision else None,
        "discovered_by": system.discovered_by, "first_seen_at": system.first_seen_at, "last_seen_at": system.last_seen_at,
    }  # fmt: skip


def _columns(intake: Systems) -> list[Column]:
    def moment(at: Any) -> str:
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    return [
        words("ref", "Reference", 12, also=("reference",), help="Of a system that is here; empty adds one"),
        words("name", "Name", 200, needed=True, also=("system", "title")),
        choice("kind", "Kind", Kind.choices, needed=True, also=("type",), help=", ".join(Kind.values)),
        words("external_id", "Identifier", 300, also=("identifier", "arn", "id")),
        words("environment", "Environment", 40, help=", ".join(code for code, _ in ENVIRONMENTS if code)),
        several(
            "data_classes", "What it holds", lambda: intake.classes, also=("data", "holds", "data class"),
            help="Codes of data classes, as customer|personal",
        ),
        services_column(lambda: intake.services),
        owner_column(lambda: intake.owners),
        words("vendor", "Provided by", 120, also=("provider",)),
        flag("service_account", "Service account", empty=False),
        words("description", "What it is for", 10_000, also=("description", "purpose")),
        choice("decision", "Decision", Decision.choices, empty="undecided", also=("scope", "in scope")),
        words("justification", "Why", 10_000, also=("justification", "reason")),
        day("holds_from", "Holds from", help="Where the decision holds from another day than the one it was made on"),
        told("decided_by", "Decided by"),
        told("decided_at", "Decided", moment),
        told("discovered_by", "Entered by"),
        told("first_seen_at", "First seen", moment),
        told("last_seen_at", "Last seen", moment),
    ]  # fmt: skip
