"""Finding what an address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from ..models import Artefact, EvidenceRequirement, Version


def requirement_or_404(pk: UUID) -> EvidenceRequirement:
    """A requirement with its control and owner."""
    return get_object_or_404(EvidenceRequirement.objects.select_related("control__owner", "owner"), pk=pk)


def artefact_or_404(pk: UUID) -> Artefact:
    """An artefact."""
    return get_object_or_404(Artefact, pk=pk)


def version_or_404(pk: UUID) -> Version:
    """A version with its artefact."""
    return get_object_or_404(Version.objects.select_related("artefact"), pk=pk)
