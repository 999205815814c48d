"""Finding what the address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from ..models import Ask
from ..selectors import asks


def find_ask(ask: UUID) -> Ask:
    """A request of this room with what it asks for."""
    return get_object_or_404(asks(), pk=ask)
