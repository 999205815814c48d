"""Judging days that have passed, for a check that was not there to judge them."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from evidence.collectors.models import Connection


class LookBack(TenantModel):
    """One check judging the past of one connection, from `since` up to and without `before`, in steps.

    `reached` is the first day that is still to be judged. What it writes is marked as judged later.
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="+")
    check_id = models.CharField(max_length=80)
    check_version = models.PositiveSmallIntegerField()
    since = models.DateField()
    before = models.DateTimeField()
    reached = models.DateField()
    written = models.PositiveIntegerField(default=0)
    asked_by_name = models.CharField(max_length=254)
    asked_at = models.DateTimeField(default=now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "connection", "check_id", "since"], name="one_look_back")
        ]
        indexes = [models.Index(fields=["organization", "finished_at"])]

    def __str__(self) -> str:
        return f"{self.check_id} since {self.since}"
