"""Coverage as last counted, and what an audit firm tolerates of what is done once a year."""

from __future__ import annotations

from django.db import models

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne

from ..models import EvidenceRequirement


class Worst(models.TextChoices):
    """The worst of a requirement's intervals; every requirement is exactly one of them."""

    MISSED = "missed", "Missed"
    UNKNOWN = "unknown", "Unknown"
    LATE = "late", "Late"
    OPEN = "open", "Open now"
    TO_COME = "to_come", "To come"
    FILLED = "filled", "Filled"
    NOTHING = "not_expected", "Nothing expected"


class Coverage(TenantModel):
    """One requirement's period in one programme, as counted for the day `on`: a projection of
    `evidence.coverage.facts`, rewritten on events and by the sweep.

    `missed` holds all that was missed; `lost` is how many of them nothing can fill any more, `mitigated` how many of
    those another control stood in for. `closes` is the last day for the first interval that can still be filled.
    `strip` holds runs (evidence/coverage/strips.py): a year of days stays small.
    """

    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, related_name="+")
    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    worst = models.CharField(max_length=12, choices=Worst.choices)
    filled = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    to_come = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    mitigated = models.PositiveIntegerField(default=0)
    first_hole = models.DateField(null=True)
    closes = models.DateField(null=True)
    strip = models.JSONField(default=list, blank=True)
    counted_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["requirement__ref"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "programme", "requirement"], name="one_coverage_per_programme"
            )
        ]
        indexes = [models.Index(fields=["organization", "programme", "worst"])]

    @property
    def holes(self) -> int:
        """Intervals that nothing fills, or of which nobody knows."""
        return self.missed + self.unknown

    @property
    def expected(self) -> int:
        """All intervals in which something was, or is to be, performed."""
        return self.filled + self.late + self.missed + self.unknown + self.open + self.to_come


class Tolerance(TenantModel):
    """What the audit firm of a programme takes of things done once a year: `before` days before the period, `after` days
    after an interval's end. Without a row the definitions hold: none before, 30 after."""

    programme = TenantOneToOne(Programme, on_delete=models.CASCADE, related_name="+")
    before = models.PositiveSmallIntegerField(default=0)
    after = models.PositiveSmallIntegerField(default=30)
    firm = models.CharField(max_length=200, blank=True)
    set_by = models.CharField(max_length=254)
    set_at = models.DateTimeField(default=now)
