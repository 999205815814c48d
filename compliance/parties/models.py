"""Third parties: what each does for us, what it must do itself, what it shows of that, and what it expects of us."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.registers.models import System
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class Role(models.TextChoices):
    VENDOR = "vendor", "Vendor"
    SUBSERVICE = "subservice", "Subservice organisation"


class Method(models.TextChoices):
    CARVE_OUT = "carve_out", "Carve-out"
    INCLUSIVE = "inclusive", "Inclusive"


class Party(TenantModel):
    """A third party of the scope register, and the part it plays.

    A subservice organisation is one whose controls are necessary, with ours, to keep our commitments; any other is a
    vendor (DC 7). `services_used` and `regions` are the party's own words for what we use of it; no region means that
    the region is of no account. A review falls due on `first_review_due` and every `review_months` months after.
    """

    system = TenantOneToOne(System, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    method = models.CharField(max_length=12, choices=Method.choices, blank=True)
    purpose = models.TextField(blank=True)
    services_used = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    reviewer = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    review_months = models.PositiveSmallIntegerField(null=True, blank=True)
    first_review_due = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.system)

    @property
    def name(self) -> str:
        return self.system.name


class ExpectedControl(TenantModel):
    """A complementary subservice organisation control (CSOC): what we take the party to do, carved out of our report."""

    party = TenantKey(Party, on_delete=models.CASCADE, related_name="expected_controls")
    text = models.TextField()
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class ExpectedControlRequirement(TenantModel):
    """A criterion that an expected control bears on."""

    expected = TenantKey(ExpectedControl, on_delete=models.CASCADE, related_name="bears_on")
    requirement = TenantKey(Requirement, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "expected", "requirement"], name="one_csoc_criterion")
        ]


class Outcome(models.TextChoices):
    SATISFACTORY = "satisfactory", "Satisfactory"
    CONCERNS = "concerns", "Concerns, followed up"
    UNSATISFACTORY = "unsatisfactory", "Not satisfactory"
    SKIPPED = "skipped", "Skipped"


class PartyReview(TenantModel):
    """What came of the review that was due on a day. Only grows: a skipped one stays skipped."""

    party = TenantKey(Party, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    note = models.TextField(blank=True)
    reviewed_by = models.CharField(max_length=254, blank=True)
    recorded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-due_on"]
        constraints = [models.UniqueConstraint(fields=["organization", "party", "due_on"], name="one_review_per_due_day")]

    def __str__(self) -> str:
        return f"Review due {self.due_on}"


class ReportKind(models.TextChoices):
    SOC2_TYPE_2 = "soc2_type_2", "SOC 2 Type II"
    SOC2_TYPE_1 = "soc2_type_1", "SOC 2 Type I"
    SOC1_TYPE_2 = "soc1_type_2", "SOC 1 Type II"
    SOC1_TYPE_1 = "soc1_type_1", "SOC 1 Type I"
    ISO_CERTIFICATE = "iso_certificate", "ISO certificate"
    PCI_AOC = "pci_aoc", "PCI attestation of compliance"
    OTHER = "other", "Other"


class Opinion(models.TextChoices):
    UNMODIFIED = "unmodified", "Unmodified"
    QUALIFIED = "qualified", "Qualified"
    ADVERSE = "adverse", "Adverse"
    DISCLAIMED = "disclaimed", "Disclaimed"
    NONE = "none", "Gives none"


class PartyReport(TenantModel):
    """A report or certificate of a party. `starts_on` is empty for one that speaks of a single day, `ends_on`.

    `services` and `regions` are those that it names as its scope; the word `all` stands for every one.
    """

    party = TenantKey(Party, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    issuer = models.CharField(max_length=200)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField()
    issued_on = models.DateField(null=True, blank=True)
    services = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    opinion = models.CharField(max_length=12, choices=Opinion.choices)
    exceptions = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="party_report_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.ends_on:%-d %b %Y}"


class NestedCarveOut(TenantModel):
    """A subservice organisation that the party's own report carves out: its controls were not looked at there.

    `answer` says how we deal with it; empty means that nobody has.
    """

    report = TenantKey(PartyReport, on_delete=models.CASCADE, related_name="nested")
    name = models.CharField(max_length=200)
    services = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class UserEntityControl(TenantModel):
    """A complementary user entity control (CUEC) of theirs: what the party's report takes us to do.

    Which control of ours does it is said on the floor of the controls (`controls.complements`).
    """

    report = TenantKey(PartyReport, on_delete=models.CASCADE, related_name="user_entity_controls")
    number = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    not_applicable = models.TextField(blank=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:80]}".strip()


class Incidents(models.TextChoices):
    NONE = "none", "States that there were none"
    STATED = "stated", "States incidents"
    SILENT = "silent", "Says nothing of incidents"


class BridgeLetter(TenantModel):
    """A letter of the party's management over the days after a report: its statement, not an auditor's."""

    party = TenantKey(Party, on_delete=models.CASCADE, related_name="letters")
    report = TenantKey(PartyReport, on_delete=models.CASCADE, related_name="letters")
    starts_on = models.DateField()
    ends_on = models.DateField()
    services = models.JSONField(default=list, blank=True)
    signed_by = models.CharField(max_length=200)
    signed_on = models.DateField()
    incidents = models.CharField(max_length=8, choices=Incidents.choices)
    statement = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="bridge_letter_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"Bridge letter {self.starts_on:%-d %b %Y} to {self.ends_on:%-d %b %Y}"


class OwnUserEntityControl(TenantModel):
    """A CUEC of our own: what our report takes our customers to do (DC 6)."""

    ref = models.CharField(max_length=12)
    text = models.TextField()
    withdrawn_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_own_cuec_ref")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:80]}"


class OwnUserEntityControlRequirement(TenantModel):
    """A criterion that is met only together with a customer's own control."""

    own = TenantKey(OwnUserEntityControl, on_delete=models.CASCADE, related_name="bears_on")
    requirement = TenantKey(Requirement, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "own", "requirement"], name="one_cuec_criterion")]
