"""The end of a connection, by a decision."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ...events import connection_retired
from ..models import Connection, Health
from .connect import locked

LONGEST_REASON = 300


@transaction.atomic
def retire_connection(*, actor: Actor, connection: Connection, reason: str) -> Connection:
    """Take a connection out of use for good: its checks count no more, its gaps close with the reason, its secret is destroyed.

    What it brought stays evidence of its days. Raises ValidationError without a reason, and for a connection that is retired.
    """
    said = reason.strip()
    if not said:
        raise ValidationError({"reason": "Say why it is retired. What it found counts no more, and an auditor will ask."})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": f"Say it in {LONGEST_REASON} characters."})
    connection = locked(connection)
    before = {"active": connection.active, "health": connection.health}
    connection.active, connection.health, connection.health_note = False, Health.RETIRED, ""
    connection.retired_at, connection.retired_reason, connection.next_run_at = now(), said, None
    connection.secret = None
    connection.save()
    record(
        actor=actor, action="evidence.connection.retired", target=connection, before=before,
        after={"retired_at": connection.retired_at, "reason": said, "credentials": "destroyed"},
    )  # fmt: skip
    announce(connection_retired, connection_id=connection.pk)
    return connection
