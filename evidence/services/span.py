"""How far the evidence of an artefact reaches: what was returned says nothing, however recent it is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from ..models import Artefact
from ..selectors import returned_versions


def latest_end(artefact: Artefact) -> datetime | None:
    """The latest end among the versions that nobody returned; as it stands where none is left, or where a later look saw
    the newest bytes again, which no version says."""
    versions = artefact.versions.order_by()
    spoken = versions.aggregate(end=Max("effective_end"))["end"]
    if artefact.latest_effective_end is not None and spoken is not None and artefact.latest_effective_end > spoken:
        return artefact.latest_effective_end
    returned = returned_versions(artefact)
    return (versions.exclude(pk__in=returned).aggregate(end=Max("effective_end"))["end"] if returned else None) or spoken
