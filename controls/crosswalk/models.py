"""What people decided of the crosswalk's proposals. A confirmed one is a Mapping; this is the other decision."""

from __future__ import annotations

from django.db import models

from compliance.frameworks.models import Requirement
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel

from ..models import Control


class Dismissal(TenantModel):
    """Somebody said that a control does not meet a requirement, whatever the crosswalk proposes, and why."""

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")
    requirement = TenantKey(Requirement, on_delete=models.CASCADE, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)
    reason = models.TextField()
    dismissed_by = models.CharField(max_length=254)
    dismissed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "control", "requirement"], name="one_dismissal_per_pair")]
        indexes = [models.Index(fields=["organization", "requirement"])]
