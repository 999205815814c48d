"""When somebody last looked at what a control shows: the moment at which evidence of it was accepted or returned."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from evidence.models import EvidenceLink, VersionDecision


def evidence_looked_at() -> dict[UUID, datetime]:
    """By control, the latest decision on any version of its evidence. Two queries, whatever the history."""
    decided = VersionDecision.objects.order_by().values_list("version__artefact_id").annotate(at=Max("decided_at"))
    by_artefact = dict(decided)
    latest: dict[UUID, datetime] = {}
    links = EvidenceLink.objects.filter(artefact__in=list(by_artefact)).order_by()
    for control_id, artefact_id in links.values_list("requirement__control_id", "artefact_id"):
        latest[control_id] = max(by_artefact[artefact_id], latest.get(control_id, by_artefact[artefact_id]))
    return latest
