"""A programme by the address, or 404."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from ..models import Programme
from ..selectors import programmes


def find_programme(programme: UUID) -> Programme:
    """The programme with its framework. Raises Http404."""
    return get_object_or_404(programmes(), pk=programme)


def told(error: ValidationError) -> str:
    """What a service refused, in one line, for where there is no form to put it beside."""
    return " ".join(error.messages)
