"""Reading what backs the answers of a review, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from compliance.web.words import day
from controls.models import Control
from controls.reviews.models import Review
from evidence.models import Artefact, EvidenceLink

from .models import Backing

#: How many artefacts a form offers; others are linked by their reference.
OFFERED = 12


def backings_of(review: Review) -> QuerySet[Backing]:
    """What backs the answers of a review, in the order of linking."""
    return Backing.objects.filter(answer__review=review).select_related("answer", "version__artefact").order_by("id")


def offered(control: Control) -> list[tuple[str, str]]:
    """The newest artefacts that show a control: (id, words)."""
    linked = EvidenceLink.objects.filter(artefact=OuterRef("pk"), requirement__control=control)
    found = Artefact.objects.filter(Exists(linked), latest_number__gt=0).order_by("-latest_effective_end", "-id")
    return [(str(each.pk), _said(each)) for each in found[:OFFERED]]


def _said(artefact: Artefact) -> str:
    spoken = f", of {day(artefact.latest_effective_end.date())}" if artefact.latest_effective_end else ""
    return f"{artefact.ref} {artefact.title}{spoken}"


def artefacts_with(ids: Sequence[UUID]) -> list[Artefact]:
    """Those of the given artefacts that have a version."""
    return list(Artefact.objects.filter(pk__in=list(ids), latest_number__gt=0))
