"""Third parties and the part they play, with the controls that we expect of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.bearing import bear_on
from compliance.frameworks.models import Requirement
from compliance.registers.models import Kind, System
from compliance.registers.services import add_system
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import ExpectedControl, ExpectedControlRequirement, Method, Party, Role
from .reviews import settle_reviews
from .writing import add, change, tell

EDITABLE = (
    "role", "method", "purpose", "services_used", "regions", "reviewer", "review_months", "first_review_due"
)  # fmt: skip
_SETTABLE = "a field of a third party that can be set"
_CADENCE = ("review_months", "first_review_due")


@transaction.atomic
def add_party(*, actor: Actor, system: System | None = None, name: str = "", **fields: Any) -> Party:
    """Give a third party of the register its role; with a `name` alone it is entered in the register too, undecided.

    Raises ValidationError, by field: a vendor has no method, and a cadence needs its first day.
    """
    fields = settable(fields, EDITABLE, _SETTABLE)
    if system is None:
        if not name.strip():
            raise ValidationError({"name": "Choose a third party of the register, or name a new one."})
        system = add_system(actor=actor, kind=Kind.THIRD_PARTY.value, name=name.strip())
    elif system.kind != Kind.THIRD_PARTY:
        raise ValidationError({"system": f"{system.ref} is no third party in the scope register."})
    elif Party.objects.filter(system=system).exists():
        raise ValidationError({"system": f"{system.ref} has its role already."})
    party = Party(system=system, **fields)
    _check(party)
    return add(party, actor=actor, action="parties.party.added", party=party, after=fields)


@transaction.atomic
def change_party(*, actor: Actor, party: Party, **fields: Any) -> Party:
    """Change what is known of a third party. With another cadence what was skipped under the old one is written down
    first, so that it stays skipped."""
    fields = settable(fields, EDITABLE, _SETTABLE)
    if any(name in fields and fields[name] != getattr(party, name) for name in _CADENCE):
        settle_reviews(actor=actor, party=party, on=today(here().timezone))
    _check(Party(system=party.system, **{**_present(party), **fields}))
    change(party, actor=actor, action="parties.party.changed", party=party, fields=fields)
    return party


@transaction.atomic
def expect_control(*, actor: Actor, party: Party, text: str, requirements: Sequence[Requirement]) -> ExpectedControl:
    """A control that we take the party to have (CSOC), and the criteria that it bears on. Raises ValidationError."""
    _needed(text, requirements)
    expected = ExpectedControl(party=party, text=text.strip())
    bears_on = [each.ref for each in requirements]
    after = {"party": party, "text": expected.text, "bears_on": bears_on}
    add(expected, actor=actor, action="parties.expected_control.added", party=party, after=after)
    bear_on(ExpectedControlRequirement, requirements, expected=expected)
    return expected


@transaction.atomic
def change_expected_control(
    *, actor: Actor, expected: ExpectedControl, text: str, requirements: Sequence[Requirement]
) -> ExpectedControl:
    """Word it anew, or let it bear on other criteria."""
    _needed(text, requirements)
    was = {"text": expected.text, "bears_on": [each.requirement.ref for each in expected.bears_on.all()]}
    expected.text = text.strip()
    expected.save(update_fields=["text"])
    expected.bears_on.all().delete()
    bear_on(ExpectedControlRequirement, requirements, expected=expected)
    now = {"text": expected.text, "bears_on": [each.ref for each in requirements]}
    record(actor=actor, action="parties.expected_control.changed", target=expected, before=was, after=now)
    tell(expected.party)
    return expected


@transaction.atomic
def drop_expected_control(*, actor: Actor, expected: ExpectedControl) -> None:
    """We no longer expect it. The trail keeps what it said."""
    was = {"party": str(expected.party), "text": expected.text}
    record(actor=actor, action="parties.expected_control.dropped", target=expected, before=was)
    tell(expected.party)
    expected.delete()


def _needed(text: str, requirements: Sequence[Requirement]) -> None:
    if not text.strip():
        raise ValidationError({"text": "Say what the party is taken to do."})
    if not requirements:
        raise ValidationError({"requirements": "Choose the criteria that it bears on."})


def _present(party: Party) -> dict[str, Any]:
    return {name: getattr(party, name) for name in EDITABLE}


def _check(party: Party) -> None:
    if party.role not in Role.values:
        raise ValidationError({"role": "Say whether it is a vendor or a subservice organisation."})
    if party.method and party.method not in Method.values:
        raise ValidationError({"method": "A method is carve-out or inclusive."})
    if party.role == Role.VENDOR and party.method:
        raise ValidationError({"method": "Only a subservice organisation has a method."})
    if party.review_months is not None and not 1 <= party.review_months <= 36:
        raise ValidationError({"review_months": "A review falls due every 1 to 36 months."})
    if bool(party.review_months) != isinstance(party.first_review_due, date):
        name = "first_review_due" if party.review_months else "review_months"
        raise ValidationError({name: "A cadence needs both: how often, and the first day on which a review is due."})
