"""Finding what the address names."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from compliance.programmes.models import Programme
from compliance.programmes.selectors import programmes

from ..models import Review


def find_programme(programme: UUID) -> Programme:
    """A programme of the room."""
    return get_object_or_404(programmes(), pk=programme)


def find_review(programme: UUID, review: UUID) -> Review:
    """A review of that programme."""
    found = Review.objects.select_related("programme__framework")
    return get_object_or_404(found, pk=review, programme_id=programme)
