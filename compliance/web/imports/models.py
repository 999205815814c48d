"""What somebody brought and has not applied yet."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel


class ImportState(models.TextChoices):
    DRAFT = "draft", "Looked at, not applied"
    APPLIED = "applied", "Applied"
    DISCARDED = "discarded", "Discarded"


class ImportDraft(TenantModel):
    """A table that was brought: kept until it is applied or discarded, and emptied then.

    `noun` says what its rows are, `mapping` which column of the file holds which field (a file's head to a field's
    name, empty where a column is not read), `report` what was done.
    """

    noun = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    content = models.BinaryField(default=bytes)
    mapping = models.JSONField(blank=True, default=dict)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.DRAFT)
    report = models.JSONField(blank=True, default=dict)
    brought_by = models.CharField(max_length=254)
    brought_at = models.DateTimeField(default=now, editable=False)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at", "-id"]

    def __str__(self) -> str:
        return self.file_name
