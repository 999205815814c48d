"""Which evidence backs an answer."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.reviews.models import Answer
from evidence.models import Version


class Backing(TenantModel):
    """A version of an artefact shows what was answered. Only grows: `linked_at` says what was there when it was said.

    An attestation is a record of what its owner says; what it is backed by is judged as any other evidence.
    """

    answer = TenantKey(Answer, on_delete=models.CASCADE, related_name="+")
    version = TenantKey(Version, on_delete=models.PROTECT, related_name="+")
    linked_by = models.CharField(max_length=254)
    linked_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "answer", "version"], name="one_backing_per_pair")]
