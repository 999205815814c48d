"""One at a time: whoever does a thing in a room waits for whoever is at it."""

from __future__ import annotations

from django.db import connection

from .rooms import here


def take_turn(of: str) -> None:
    """Wait until nobody else in this room holds `of`, then hold it until the transaction ends. In a transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{here().organization_id}:{of}"])
