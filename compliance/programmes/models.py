"""A programme: one certification effort, with its options, dates and phases."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from compliance.frameworks.models import Framework
from compliance.people.models import Membership
from compliance.registers.models import Service
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class ProgrammeKind(models.TextChoices):
    SOC2_TYPE_1 = "soc2_type_1", "SOC 2 Type I"
    SOC2_TYPE_2 = "soc2_type_2", "SOC 2 Type II"
    ISO_STAGE_1 = "iso_stage_1", "ISO 27001 stage 1"
    ISO_STAGE_2 = "iso_stage_2", "ISO 27001 stage 2"
    ISO_SURVEILLANCE = "iso_surveillance", "ISO 27001 surveillance"
    ISO_RECERTIFICATION = "iso_recertification", "ISO 27001 recertification"
    PCI = "pci", "PCI DSS assessment"
    NIST_CSF = "nist_csf", "NIST CSF self-assessment"
    ISO_27701 = "iso_27701", "ISO 27701 self-assessment"
    OTHER = "other", "Self-assessment"


#: Kinds that are measured against a management system standard with an annex of controls.
ANNEX_KINDS = (
    ProgrammeKind.ISO_STAGE_1, ProgrammeKind.ISO_STAGE_2, ProgrammeKind.ISO_SURVEILLANCE, ProgrammeKind.ISO_RECERTIFICATION,
    ProgrammeKind.ISO_27701,
)  # fmt: skip


class PciParty(models.TextChoices):
    MERCHANT = "merchant", "Merchant"
    SERVICE_PROVIDER = "service_provider", "Service provider"


class PciReport(models.TextChoices):
    """What a PCI DSS assessment ends in: a report on compliance, or a self-assessment questionnaire by channel."""

    ROC = "roc", "Report on compliance (ROC)"
    SAQ_A = "saq_a", "SAQ A"
    SAQ_A_EP = "saq_a_ep", "SAQ A-EP"
    SAQ_B = "saq_b", "SAQ B"
    SAQ_B_IP = "saq_b_ip", "SAQ B-IP"
    SAQ_C = "saq_c", "SAQ C"
    SAQ_C_VT = "saq_c_vt", "SAQ C-VT"
    SAQ_P2PE = "saq_p2pe", "SAQ P2PE"
    SAQ_SPOC = "saq_spoc", "SAQ SPoC"
    SAQ_D_MERCHANT = "saq_d_merchant", "SAQ D for merchants"
    SAQ_D_PROVIDER = "saq_d_provider", "SAQ D for service providers"


class Programme(TenantModel):
    """Framework, options and dates. A Type I has an as-of date, a Type II an observation period.

    `categories` are SOC 2 category keys beyond the common criteria, which always apply: availability, confidentiality,
    processing_integrity, privacy. `not_relevant` maps a requirement ref to the reason approved for leaving it out (DC 8).
    `fieldwork_start` is the anchor of the 60, 30 and 14 days (definitions, Words). A PCI DSS assessment has a party, a
    level and the report that its acquirer or brand asks; services: `ProgrammeService`, none of them means all.
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
    pci_party = models.CharField(max_length=16, choices=PciParty.choices, blank=True)
    pci_level = models.PositiveSmallIntegerField(null=True, blank=True, choices=[(n, f"Level {n}") for n in (1, 2, 3, 4)])
    pci_report = models.CharField(max_length=16, choices=PciReport.choices, blank=True)
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

    @property
    def is_soc2_kind(self) -> bool:
        """Whether it ends in a SOC 2 report, by its kind."""
        return self.kind in (ProgrammeKind.SOC2_TYPE_1, ProgrammeKind.SOC2_TYPE_2)

    @property
    def has_annex(self) -> bool:
        """Whether a statement of applicability says which controls of its framework's annex apply (ISO 27001, 27701)."""
        return self.kind in ANNEX_KINDS

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


class ProgrammeService(TenantModel):
    """A programme covers a service. A programme without any covers all of them."""

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="covered")
    service = TenantKey(Service, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["service__ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "programme", "service"], name="one_programme_service")
        ]


class Demand(TenantModel):
    """Somebody outside asked for a report: who, for which deal, by when, and what would satisfy them.

    `months` is the least observation period they would take, 0 where a Type I, or any report, would do.
    """

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="demands")
    asked_by = models.CharField(max_length=200)
    deal = models.CharField(max_length=200, blank=True)
    needed_by = models.DateField(null=True, blank=True)
    report = models.CharField(max_length=200)
    months = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["needed_by", "id"]

    def __str__(self) -> str:
        return f"{self.asked_by}: {self.report}"


class Selection(TenantModel):
    """Why this report and this period were chosen. Approved by another person than its author; a change of the reason
    takes the approval back. `approved_for` is what was approved, so that later changes of dates or options show."""

    programme = TenantOneToOne(Programme, on_delete=models.CASCADE, related_name="selection")
    reason = models.TextField()
    author = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=254)
    approver = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by = models.CharField(max_length=254, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_for = models.JSONField(default=dict, blank=True)
    written_at = models.DateTimeField(default=now)


class BudgetUnit(models.TextChoices):
    HOURS = "hours", "Hours"
    FEE = "fee", "Fee"


class BudgetLine(TenantModel):
    """What a phase is to cost and has cost: hours of a department, or a fee in its currency (ISO 4217)."""

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="budget")
    phase = models.CharField(max_length=12, choices=PhaseKind.choices)
    unit = models.CharField(max_length=6, choices=BudgetUnit.choices)
    what = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, blank=True)
    planned = models.DecimalField(max_digits=12, decimal_places=2)
    actual = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["unit", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(actual__isnull=True) | Q(actual__gte=0)), name="budget_is_not_negative"
            ),
            models.CheckConstraint(
                condition=(Q(unit="fee") & ~Q(currency="")) | (Q(unit="hours") & Q(currency="")), name="fee_has_a_currency"
            ),
        ]


class PaceSetting(TenantModel):
    """How long something takes here, in place of the default of `timing/pace.py`."""

    key = models.CharField(max_length=40)
    least = models.PositiveSmallIntegerField()
    usual = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="one_pace_per_key"),
            models.CheckConstraint(condition=Q(usual__gte=F("least")), name="usual_is_at_least_least"),
        ]
