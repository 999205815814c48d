"""What auditors opened, item by item: for the organisation once the report is issued (docs/decisions/0002)."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import Audit, PortalOpening


def openings_after_issue(audit: Audit) -> QuerySet[PortalOpening]:
    """Every opening and download of an audit whose report is issued; nothing of any other."""
    if audit.issued_at is None:
        return PortalOpening.objects.none()
    return PortalOpening.objects.filter(audit=audit).select_related("seat")
