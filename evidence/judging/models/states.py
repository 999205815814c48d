"""What the checks found, as intervals: cost grows with change, not with time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.tenancy.models import TenantKey, TenantModel
from evidence.checks.base import Outcome
from evidence.collectors.models import Connection

OUTCOMES = [(outcome.value, outcome.value.replace("_", " ")) for outcome in Outcome]


class CheckState(TenantModel):
    """A check on a connection, in sum, as last judged."""

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="check_states")
    check_id = models.CharField(max_length=80)
    outcome = models.CharField(max_length=14, choices=OUTCOMES)
    reason = models.CharField(max_length=16, blank=True)
    message = models.TextField(blank=True)
    since = models.DateTimeField()
    judged_at = models.DateTimeField()
    facts_at = models.DateTimeField()
    counts = models.JSONField(blank=True, default=dict)
    check_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["check_id"]
        constraints = [models.UniqueConstraint(fields=["organization", "connection", "check_id"], name="one_state_per_check")]
        indexes = [models.Index(fields=["organization", "outcome"]), models.Index(fields=["organization", "check_id"])]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.outcome}"


class ResourceInterval(TenantModel):
    """One resource's outcome of one check from one time to another. `ended_at` null: it still holds.

    `seen_until` is the last collection that showed it; an interval reaches only as far as two looks that lie at most
    two cadences apart (definitions, Evidence). `judged_later`: the facts of those days, judged by a check that was not
    there on them; `check_version` is the one that judged.
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="+")
    check_id = models.CharField(max_length=80)
    resource = models.CharField(max_length=400)
    outcome = models.CharField(max_length=14, choices=OUTCOMES)
    reason = models.CharField(max_length=16, blank=True)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField()
    seen_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    judged_later = models.BooleanField(default=False)
    check_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["check_id", "resource", "started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "connection", "check_id", "resource"], condition=Q(ended_at__isnull=True),
                name="one_open_interval_per_resource",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "check_id", "outcome"]),
            models.Index(fields=["organization", "connection", "check_id", "started_at"]),
        ]
