"""Writing rows of a statement, one or many: what two people write at once is never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable, trimmed
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record, changes, record

from ..facts import mapped_controls
from ..models import Decision, Doer, Driver, Row, Statement
from ..reasons import says_nothing
from ..returning import wording_of
from .beginning import note_author, refuse_closed

EDITABLE = (
    "decision", "drivers", "treatment", "owner", "implementation", "party", "scope_reason", "risk_considered", "review_on",
)  # fmt: skip
_STORED = [*EDITABLE, "decided_by", "decided_at", "wording", "revision", "changed_by", "changed_at"]
#: What a decision consists of: changing any of it decides anew.
_DECIDING = frozenset({"decision", "scope_reason", "risk_considered", "review_on"})
LONGEST, LONGEST_NOTE = 4_000, 500
#: An exclusion is looked at again within the life of a certificate, three years.
LONGEST_REVIEW = timedelta(days=3 * 366)


class RowConflict(Exception):
    """Somebody saved the row in between. Carries it as it now stands; nothing was written."""

    def __init__(self, present: Row) -> None:
        super().__init__(f"{present.changed_by} saved this row in the meantime.")
        self.present = present


@transaction.atomic
def write_row(*, actor: Actor, row: Row, revision: int | None = None, again: bool = False, **fields: Any) -> Row:
    """Change what a row says. `revision` is the one that the writer began from, None where it does not matter.

    `again`: the exclusion was looked at again and stands, from today and until its next review. Nothing is written where
    nothing differs. Raises RowConflict where somebody saved it since, and ValidationError, by field, for an exclusion
    without scope reason, risk, owner or a review date to come; for reasons that say nothing; for a control shared or
    inherited without the party; and for a programme that has ended.
    """
    statement, (locked,) = _locked([row])
    if revision is not None and locked.revision != revision:
        raise RowConflict(locked)
    told = _change(actor, locked, trimmed(settable(fields, EDITABLE, "a field of a row that can be set")), again)
    if told is None:
        return locked
    locked.save()
    note_author(statement, actor.membership_id)
    record(actor=actor, action="applicability.row.written", target=locked, label=_label(locked), before=told[0], after=told[1])
    return locked


@transaction.atomic
def write_rows(
    *, actor: Actor, rows: Sequence[Row], drivers: Mapping[str, str] | None = None, again: bool = False, **fields: Any
) -> list[Row]:
    """The same change for many rows of one statement; `drivers` are added to those that each has. All or none are written.

    `again` and a review date are for exclusions alone; rows that are not excluded keep without them. Raises
    ValidationError, which names the rows that it concerns. Returns those that changed.
    """
    if not rows:
        return []
    fields = trimmed(settable(fields, EDITABLE, "a field of a row that can be set"))
    statement, locked = _locked(rows)
    told, faults = [], []
    for row in locked:
        wanted = dict(fields)
        if row.decision != Decision.EXCLUDED and wanted.get("decision", row.decision) != Decision.EXCLUDED:
            wanted.pop("review_on", None)
        if drivers:
            wanted["drivers"] = {**row.drivers, **drivers}
        try:
            change = _change(actor, row, wanted, again and row.decision == Decision.EXCLUDED)
        except ValidationError as error:
            faults.append(f"{row.requirement.ref}: {' '.join(error.messages)}")
            continue
        if change is not None:
            told.append((row, *change))
    if faults:
        raise ValidationError(faults)
    changed = [row for row, _, _ in told]
    if changed:
        update_rows(changed, _STORED)
        note_author(statement, actor.membership_id)
        bulk_record(actor=actor, action="applicability.row.written", rows=told)
    return changed


@transaction.atomic
def include_proposed(*, actor: Actor, statement: Statement) -> list[Row]:
    """Confirm every proposal at once: what is undecided and has a control mapped to it is included."""
    undecided = list(statement.rows.filter(decision=Decision.UNDECIDED))
    mapped = mapped_controls(row.requirement_id for row in undecided)
    return write_rows(
        actor=actor, rows=[row for row in undecided if row.requirement_id in mapped], decision=Decision.INCLUDED
    )


def _locked(rows: Sequence[Row]) -> tuple[Statement, list[Row]]:
    """The statement, locked first, so that authors and rows are written in one order; then its rows."""
    statement = Statement.objects.select_for_update(of=("self",)).select_related("programme").get(pk=rows[0].statement_id)
    refuse_closed(statement)
    found = Row.objects.select_for_update(of=("self",)).select_related("requirement", "owner", "party__system")
    return statement, list(found.filter(statement=statement, pk__in=[row.pk for row in rows]).order_by("requirement__position"))


def _change(actor: Actor, row: Row, fields: dict[str, Any], again: bool) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Set the fields on a row, not saved: what was and what is, or None where nothing differs."""
    if "drivers" in fields:
        fields["drivers"] = {name: note.strip() for name, note in fields["drivers"].items() if note.strip()}
    if fields.get("implementation", row.implementation) in ("", Doer.OWN):
        fields["party"] = None
    before, after = changes(row, fields)
    again = again and row.decision == Decision.EXCLUDED
    if not after and not again:
        return None
    for name, value in after.items():
        setattr(row, name, value)
    deciding = again or bool(_DECIDING & after.keys())
    _check(row, deciding)
    if deciding:
        _decide(actor, row)
    row.revision += 1
    row.changed_by, row.changed_at = actor.label[:254], now()
    told = after | ({"looked_at_again": True} if again else {})
    return _readable(before), _readable(told)


def _decide(actor: Actor, row: Row) -> None:
    if row.decision == Decision.UNDECIDED:
        row.decided_by, row.decided_at, row.wording = "", None, ""
        return
    row.decided_by, row.decided_at = actor.label[:254], now()
    row.wording = wording_of(row.requirement.title, row.requirement.text)


def _check(row: Row, deciding: bool) -> None:
    faults: dict[str, str] = {}
    if row.decision not in Decision:
        faults["decision"] = "Decide included or excluded, or leave it undecided."
    if row.implementation and row.implementation not in Doer:
        faults["implementation"] = "Say own, shared or inherited."
    faults |= {name: f"It holds {LONGEST:,} characters at most." for name in _TEXTS if len(getattr(row, name)) > LONGEST}
    faults |= _driver_faults(row)
    if row.implementation in (Doer.SHARED, Doer.INHERITED) and row.party is None:
        faults["party"] = "Name the third party with whom it is shared, or from whom it is inherited."
    if row.owner is not None and not row.owner.is_active:
        faults["owner"] = f"{row.owner.name} is no longer a member."
    if row.decision == Decision.EXCLUDED:
        faults |= _exclusion_faults(row, deciding)
    if faults:
        raise ValidationError(faults)


_TEXTS = ("treatment", "scope_reason", "risk_considered")


def _driver_faults(row: Row) -> dict[str, str]:
    if set(row.drivers) - set(Driver.values):
        return {"drivers": f"A driver is one of {', '.join(Driver.values)}."}
    if any(says_nothing(note) for note in row.drivers.values()):
        return {"drivers": "Say which risk, law, contract or party it is: the note says nothing."}
    if any(len(note) > LONGEST_NOTE for note in row.drivers.values()):
        return {"drivers": f"A note holds {LONGEST_NOTE} characters at most."}
    return {}


def _exclusion_faults(row: Row, deciding: bool) -> dict[str, str]:
    faults = {}
    if says_nothing(row.scope_reason):
        faults["scope_reason"] = "Say what of the scope makes it unnecessary. “Not relevant” is no reason."
    if says_nothing(row.risk_considered):
        faults["risk_considered"] = "Say which risk was considered, and why it is borne without this control."
    if row.owner is None:
        faults["owner"] = "Name who answers for the exclusion."
    if row.review_on is None:
        faults["review_on"] = "Say when it is looked at again."
    elif deciding and not today(here().timezone) < row.review_on <= _last_review():
        faults["review_on"] = "Give a day to come, within three years."
    return faults


def _last_review() -> date:
    return today(here().timezone) + LONGEST_REVIEW


def _readable(fields: Mapping[str, Any]) -> dict[str, Any]:
    """For the trail: people and parties by name."""
    return {name: str(value) if name in ("owner", "party") and value else value for name, value in fields.items()}


def _label(row: Row) -> str:
    return f"{row.requirement.ref} {row.requirement.title}"
