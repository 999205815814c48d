"""Reading reports."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.tenancy.clock import now

from .models import Report


def reports() -> QuerySet[Report]:
    """Every report, newest first."""
    return Report.objects.order_by("-id")


def reports_to_wake() -> QuerySet[Report, UUID]:
    """Ids of what is due, and of what was begun by a worker whose lease has lapsed; the oldest first."""
    waiting = Q(state="due") | Q(state="running") & (Q(lease_until__isnull=True) | Q(lease_until__lt=now()))
    return Report.objects.filter(waiting).order_by("id").values_list("pk", flat=True)
