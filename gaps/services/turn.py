"""One at a time: whoever writes gaps of a room waits for the reconcile that is under way, and it for them."""

from __future__ import annotations

from django.db import connection

from compliance.tenancy.rooms import here


def take_turn() -> None:
    """Hold the room's register until the transaction ends, so that nobody writes over what another just decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reconcile:{here().organization_id}"])
