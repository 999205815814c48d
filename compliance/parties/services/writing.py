"""What every verb of this room has in common: one row written, one trail entry, then the news."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

from compliance.tenancy.models import TenantModel
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import changes, readable, record

from ..events import party_changed
from ..models import Party

Row = TypeVar("Row", bound=TenantModel)


def add(row: Row, *, actor: Actor, action: str, party: Party | None, after: Mapping[str, Any]) -> Row:
    """Write a new row. Raises ValidationError, by field, for what does not hold together."""
    row.clean_fields(exclude=[*_references(row), "organization"])
    row.save(force_insert=True)
    record(actor=actor, action=action, target=row, after=readable(after))
    tell(party)
    return row


def change(row: Row, *, actor: Actor, action: str, party: Party | None, fields: Mapping[str, Any]) -> bool:
    """Change a row, and say whether anything differed. Nothing is written where nothing does."""
    before, after = changes(row, fields)
    if not after:
        return False
    for name, value in after.items():
        setattr(row, name, value)
    row.clean_fields(exclude=[*_references(row), "organization"])
    row.save(update_fields=list(after))
    record(actor=actor, action=action, target=row, before=readable(before), after=readable(after))
    tell(party)
    return True


def tell(party: Party | None) -> None:
    """Say on commit that something of a party has changed."""
    if party is not None:
        send = partial(party_changed.send_robust, sender=Party)
        transaction.on_commit(partial(send, organization_id=here().organization_id, party_id=party.pk))


def _references(row: TenantModel) -> list[str]:
    """Rows of the room that a reference names are looked up before they come here; the database holds the rest."""
    return [field.name for field in row._meta.fields if field.is_relation]
