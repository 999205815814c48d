"""Reading packs."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.tenancy.clock import now

from .models import Pack, PackState


def packs() -> QuerySet[Pack]:
    """Every pack, newest first."""
    return Pack.objects.order_by("-id")


def packs_to_wake() -> QuerySet[Pack, UUID]:
    """Ids of what is due, and of what was begun by a worker whose lease has lapsed; the oldest first."""
    lapsed = Q(state=PackState.RUNNING) & (Q(lease_until__isnull=True) | Q(lease_until__lt=now()))
    return Pack.objects.filter(Q(state=PackState.DUE) | lapsed).order_by("id").values_list("pk", flat=True)
