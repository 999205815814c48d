"""Uploads under way. Nothing here is evidence yet: it becomes that when it is handed in, and is swept when it is not."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel

from ..models import EvidenceRequirement, Version

#: Bytes of every part but the last (decisions, 17).
PART_BYTES = 8 * 1024 * 1024


class UploadState(models.TextChoices):
    OPEN = "open", "Parts are coming"
    CHECKING = "checking", "Being checked"
    HELD = "held", "Ready to be handed in"
    REFUSED = "refused", "Refused"
    HANDED_IN = "handed_in", "Handed in"


class Upload(TenantModel):
    """A file on its way. From `held` on `sha256`, `media_type`, `scan`, `facts` and `found` say what it is.

    `found` holds what the lint says before anything is stated: [{"rule", "level", "said"}]. `member` began it, or made the
    token that did. What is not handed in by `expires_at` is swept with its parts.
    """

    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.OPEN)
    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    member = TenantKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    begun_by = models.CharField(max_length=254)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=120, blank=True)
    scan = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    found = models.JSONField(default=list, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    version = TenantKey(Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "expires_at"]), models.Index(fields=["organization", "requirement"])]

    def __str__(self) -> str:
        return self.filename

    @property
    def part_count(self) -> int:
        return max(-(-self.size // PART_BYTES), 1)

    def size_of(self, number: int) -> int:
        """Bytes of part `number`, counted from 1; 0 for a part that there is not."""
        if not 1 <= number <= self.part_count:
            return 0
        return PART_BYTES if number < self.part_count else self.size - PART_BYTES * (self.part_count - 1)


class UploadPart(TenantModel):
    """A part that is here, under its number from 1."""

    upload = TenantKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["organization", "upload", "number"], name="one_part_per_number")]
