"""Reading evidence. Each returns a queryset with what its rows are shown with."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from .models import Artefact, EvidenceRequirement, Freshness, Version


def evidence_requirements() -> QuerySet[EvidenceRequirement]:
    """Requirements with their control and owner."""
    return EvidenceRequirement.objects.select_related("control", "owner")


def stale_requirements() -> QuerySet[EvidenceRequirement]:
    """What is stale or missing, the longest overdue first."""
    return evidence_requirements().filter(freshness__in=[Freshness.STALE, Freshness.MISSING]).order_by("stale_at", "ref")


def artefacts() -> QuerySet[Artefact]:
    """Artefacts, newest first."""
    return Artefact.objects.order_by("-id")


def versions_of(artefact_id: UUID) -> QuerySet[Version]:
    """All versions of an artefact, newest first, with their decisions."""
    return Version.objects.filter(artefact_id=artefact_id).prefetch_related("decisions")


def evidence_counts() -> dict[str, int]:
    """How many requirements are in each state of freshness; they sum to all of them."""
    counts = {state.value: Count("pk", filter=Q(freshness=state)) for state in Freshness}
    found: dict[str, int] = EvidenceRequirement.objects.aggregate(**counts)
    return found
