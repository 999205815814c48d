"""Finding what an address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from compliance.people.requests import PageRequest

from ..models import Draft, Population, PopulationVersion
from ..selectors import population_versions, populations, with_controls
from ..services.authority import may_keep


def population_or_404(pk: UUID) -> Population:
    """A population with its owner and controls."""
    return get_object_or_404(with_controls(populations()), pk=pk)


def version_or_404(pk: UUID) -> PopulationVersion:
    """A version with its population and stored files."""
    return get_object_or_404(population_versions(), pk=pk)


def kept_or_403(request: PageRequest, pk: UUID) -> Population:
    """A population that the member may keep."""
    found = population_or_404(pk)
    if not may_keep(request.membership, found):
        raise PermissionDenied("Its owner freezes a population, or who brings evidence for all.")
    return found


def draft_or_403(request: PageRequest, pk: UUID) -> Draft:
    """A draft of a population that the member may keep."""
    found = get_object_or_404(Draft.objects.select_related("population__owner", "raw__artefact", "frozen"), pk=pk)
    if not may_keep(request.membership, found.population):
        raise PermissionDenied("Its owner freezes a population, or who brings evidence for all.")
    return found
