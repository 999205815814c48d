"""A programme: one certification effort, with its options, dates and phases."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from compliance.frameworks.models import Framework
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel


class ProgrammeKind(models.TextChoices):
    SOC2_TYPE_1 = "soc2_type_1", "SOC 2 Type I"
    SOC2_TYPE_2 = "soc2_type_2", "SOC 2 Type II"
    ISO_STAGE_1 = "iso_stage_1", "ISO 27001 stage 1"
    ISO_STAGE_2 = "iso_stage_2", "ISO 27001 stage 2"
    ISO_SURVEILLANCE = "iso_surveillance", "ISO 27001 surveillance"
    PCI = "pci", "PCI DSS assessment"
    OTHER = "other", "Self-assessment"


class Programme(TenantModel):
    """Framework, options and dates. A Type I has an as-of date, a Type II an observation period.

    `categories` are SOC 2 category keys beyond the common criteria, which always apply: availability, confidentiality,
    processing_integrity, privacy. `not_relevant` maps a requirement ref to the reason approved for leaving it out (DC 8).
    `fieldwork_start` is the anchor of the 60, 30 and 14 days (definitions, Words).
    """

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=ProgrammeKind.choices)
    framework = TenantKey(Framework, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)
    categories = models.JSONField(default=list, blank=True)
    not_relevant = models.JSONField(default=dict, blank=True)
    as_of = models.DateField(null=True, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    fieldwork_start = models.DateField(null=True, blank=True)
    fieldwork_end = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__isnull=True) | Q(period_start__isnull=True) | Q(period_end__gt=F("period_start")),
                name="period_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == ProgrammeKind.SOC2_TYPE_2 and not (self.period_start and self.period_end):
            raise ValidationError({"period_start": "A Type II needs an observation period: its first and last day."})
        if self.kind == ProgrammeKind.SOC2_TYPE_1 and not self.as_of:
            raise ValidationError({"as_of": "A Type I speaks of one day: say which."})
        if self.period_start and self.period_end and self.period_end <= self.period_start:
            raise ValidationError({"period_end": "The period must end after it starts."})


class PhaseKind(models.TextChoices):
    SCOPING = "scoping", "Scoping"
    ASSESSMENT = "assessment", "Gap assessment"
    REMEDIATION = "remediation", "Remediation"
    PRE_AUDIT = "pre_audit", "Pre-audit review"
    AUDIT = "audit", "Audit support and ongoing"


class Phase(TenantModel):
    """One of the five phases, with its planned dates. Whether it is done follows from facts, not from a tick."""

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=12, choices=PhaseKind.choices)
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["organization", "programme", "kind"], name="one_phase_of_a_kind")]
