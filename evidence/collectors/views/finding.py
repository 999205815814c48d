"""Finding a connection."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from .. import selectors
from ..models import Connection


def connection_or_404(pk: UUID) -> Connection:
    """A connection of this room."""
    return get_object_or_404(selectors.connections(), pk=pk)
