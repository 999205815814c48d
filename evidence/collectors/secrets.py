"""A connection's secret: sealed with the organisation and the connection as associated data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from compliance.tenancy.sealing import CannotOpen, open_sealed, seal

from .models import Connection


def _belongs_to(connection: Connection) -> str:
    return f"connection:{connection.organization_id}:{connection.pk}"


def sealed(connection: Connection, secret: Mapping[str, str]) -> bytes:
    """The secret fields of a connection, encrypted for it alone."""
    return seal(json.dumps(dict(secret)), belongs_to=_belongs_to(connection))


def opened(connection: Connection) -> dict[str, str]:
    """The secret fields; raises CannotOpen. Only a run and a test call this, and whoever changes one of several."""
    if not connection.secret:
        return {}
    secret: dict[str, str] = json.loads(open_sealed(connection.secret, belongs_to=_belongs_to(connection)))
    return secret


def names_held(connection: Connection) -> frozenset[str]:
    """Which secret fields are stored, never what they hold: a page says so of those alone. None where none can be opened."""
    try:
        return frozenset(opened(connection))
    except CannotOpen:
        return frozenset()
