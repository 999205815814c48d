"""The thresholds in force: a check is held to what the control states, not to a benchmark."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control


class ThresholdSetting(TenantModel):
    """One threshold of a check, as this organisation holds itself to it from `set_at` on. Only grows; the newest counts.

    `value` null goes back to the default. `control` is the one whose statement says it, where one does.
    """

    check_id = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    control = TenantKey(Control, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    set_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    set_by_name = models.CharField(max_length=254)
    set_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "check_id", "name", "-id"])]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.name}"
