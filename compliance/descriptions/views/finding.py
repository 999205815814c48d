"""Finding the description of the address."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from compliance.programmes.models import Programme

from ..models import Description, Version
from ..selectors import described_programmes
from ..services import description_for


def find_programme(programme: UUID) -> Programme:
    """A SOC 2 programme of the room; 404 for any other."""
    return get_object_or_404(described_programmes(), pk=programme)


def find_description(programme: UUID) -> Description:
    """Its description, begun where it is first asked for."""
    found = find_programme(programme)
    description = description_for(found)
    description.programme = found
    return description


def find_version(description: Description, number: int) -> Version:
    """A version by its number."""
    version = description.versions.select_related("approval").filter(number=number).first() if number < 2**31 else None
    if version is None:
        raise Http404
    version.description = description
    return version
