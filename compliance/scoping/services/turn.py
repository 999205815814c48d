"""One at a time: whoever writes warnings of a room waits for the reconcile that is under way, and it for them."""

from __future__ import annotations

from django.db import connection

from compliance.tenancy.rooms import here


def take_turn() -> None:
    """Hold the room's warnings until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"scope-warnings:{here().organization_id}"])
