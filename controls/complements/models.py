"""Which of our controls does what a third party's report takes us to do."""

from __future__ import annotations

from django.db import models

from compliance.parties.models import UserEntityControl
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control


class Complement(TenantModel):
    """A control of ours does what a CUEC of theirs asks. Its owner answers for it, its evidence shows it."""

    cuec = TenantKey(UserEntityControl, on_delete=models.CASCADE, related_name="+")
    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")
    mapped_by = models.CharField(max_length=254)
    mapped_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "cuec", "control"], name="one_complement_per_pair")]
        indexes = [models.Index(fields=["organization", "control"])]

    def __str__(self) -> str:
        return f"{self.control.ref} for {self.cuec}"
