"""What the phases are to cost and have cost: hours by department, fees in their currency."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..models import BudgetLine, BudgetUnit, Programme

FIELDS = ("phase", "unit", "what", "currency", "planned", "actual", "note")
_CLOSED = "The programme is closed; its budget stays as it is."


@transaction.atomic
def add_budget_line(*, actor: Actor, programme: Programme, **fields: Any) -> BudgetLine:
    """Plan a cost. Raises ValidationError, by field; a fee needs its currency and hours have none."""
    line = BudgetLine(programme=programme, **_known(fields))
    _check(line)
    line.save(force_insert=True)
    record(
        actor=actor, action="programmes.budget.added", target=programme, label=f"{line.what} in {programme.name}",
        after=_said(line),
    )  # fmt: skip
    return line


@transaction.atomic
def change_budget_line(*, actor: Actor, line: BudgetLine, **fields: Any) -> BudgetLine:
    """Change a cost, or say what it came to. Raises ValidationError, by field."""
    before, after = changes(line, _known(fields))
    if after:
        for name, value in after.items():
            setattr(line, name, value)
        _check(line)
        line.save(update_fields=[*after, "currency"])
        told = _said(line)
        record(
            actor=actor, action="programmes.budget.changed", target=line.programme,
            label=f"{line.what} in {line.programme.name}",
            before={name: value if value is None else str(value) for name, value in before.items()},
            after={name: told[name] for name in after},
        )  # fmt: skip
    return line


@transaction.atomic
def remove_budget_line(*, actor: Actor, line: BudgetLine) -> None:
    """Take a line out; the trail keeps it. Raises ValidationError for a programme that is closed."""
    if line.programme.closed_at:
        raise ValidationError(_CLOSED)
    record(
        actor=actor, action="programmes.budget.removed", target=line.programme,
        label=f"{line.what} in {line.programme.name}", before=_said(line),
    )  # fmt: skip
    line.delete()


def _check(line: BudgetLine) -> None:
    line.what, line.currency = line.what.strip(), line.currency.strip().upper()
    faults: dict[str, Any] = {}
    try:
        line.clean_fields(exclude=["organization", "programme"])
    except ValidationError as error:
        faults |= error.message_dict
    if line.programme.closed_at:
        faults["what"] = [_CLOSED]
    if line.unit == BudgetUnit.FEE and not (len(line.currency) == 3 and line.currency.isascii() and line.currency.isalpha()):
        faults["currency"] = ["Name the currency of a fee by its three letters, such as EUR."]
    if line.unit == BudgetUnit.HOURS and line.currency:
        faults["currency"] = ["Hours have no currency; leave it empty."]
    for name in ("planned", "actual"):
        amount = getattr(line, name)
        if name not in faults and amount is not None and amount < 0:
            faults[name] = ["Give zero or more."]
    if faults:
        raise ValidationError(faults)


def _said(line: BudgetLine) -> dict[str, str | None]:
    return {name: None if (value := getattr(line, name)) is None else str(value) for name in FIELDS}


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return settable(fields, FIELDS, "a field of a budget line")
