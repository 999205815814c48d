"""Which evidence is a third party's report or letter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.parties.models import BridgeLetter, PartyReport
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from evidence.models import Version


class PartyPaper(TenantModel):
    """The stored file of a report or of a letter: a version of an artefact, immutable from receipt."""

    report = TenantKey(PartyReport, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    letter = TenantKey(BridgeLetter, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    version = TenantKey(Version, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, letter__isnull=True) | Q(report__isnull=True, letter__isnull=False),
                name="paper_of_a_report_or_a_letter",
            ),
            models.UniqueConstraint(fields=["organization", "version"], name="one_paper_per_version"),
        ]
