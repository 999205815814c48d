"""Short references that people say aloud: GAP-007, EV-0042. Per organisation, without gaps or races."""

from __future__ import annotations

from django.db import connection

from .ids import uuid7
from .rooms import here

WIDTH = {"EV": 4}


def allot(prefix: str, count: int = 1) -> list[str]:
    """The next `count` references of a prefix. The row lock holds until the transaction ends, so none is lost or doubled."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenancy_sequence (id, organization_id, prefix, last) VALUES (%s, %s, %s, %s)
            ON CONFLICT (organization_id, prefix) DO UPDATE SET last = tenancy_sequence.last + EXCLUDED.last
            RETURNING last
            """,
            [uuid7(), here().organization_id, prefix, count],
        )
        last = cursor.fetchone()[0]
    width = WIDTH.get(prefix, 3)
    return [f"{prefix}-{number:0{width}d}" for number in range(last - count + 1, last + 1)]


def next_reference(prefix: str) -> str:
    """One reference."""
    return allot(prefix)[0]
