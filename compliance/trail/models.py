"""The audit trail: who meant what, when, from what to what. It only grows; the database holds that."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel

from .actors import ActorKind


class Entry(TenantModel):
    """One act. Written by services in the same transaction as what it tells of."""

    at = models.DateTimeField(default=now)
    actor_kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=254)
    action = models.CharField(max_length=80)
    target_type = models.CharField(max_length=80)
    target_id = models.UUIDField(null=True)
    target_label = models.CharField(max_length=300)
    before = models.JSONField(blank=True, default=dict)
    after = models.JSONField(blank=True, default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["organization", "target_type", "target_id"]),
            models.Index(fields=["organization", "action", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_label}"
