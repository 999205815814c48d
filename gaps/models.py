"""Gaps: where it falls short. One per cause; the same failing fact reopens it and does not open a second."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control
from evidence.collectors.models import Connection
from evidence.models import EvidenceRequirement

#: By rank, and what has none (it is closed) after everything that has.
RANK_ORDER = Coalesce(models.F("rank"), models.Value(2_147_483_647))


class Severity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    SIGNIFICANT = "significant", "Significant"
    MINOR = "minor", "Minor"


class GapState(models.TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "Being put right"
    ACCEPTED = "accepted", "Risk accepted"
    CLOSED = "closed", "Closed on re-test"


class Gap(TenantModel):
    """One cause: a rule, its subject and, where there is one, the connection (decisions, 20).

    `severity` is computed, an `override` is kept beside it; `rank` is 1 for what fails an audit first, among what is not
    closed, with what is accepted after all that is open; `reasons` says why, in sentences. `facts_at` is the time of the
    evidence that it stands on.
    """

    ref = models.CharField(max_length=12)
    rule = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    connection = TenantKey(Connection, on_delete=models.CASCADE, null=True, related_name="+")
    connection_key = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    cause = models.TextField()
    remedy = models.TextField(blank=True)
    area = models.CharField(max_length=60, blank=True)
    criteria = models.JSONField(blank=True, default=list)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    severity_override = models.CharField(max_length=12, choices=Severity.choices, blank=True)
    override_reason = models.TextField(blank=True)
    points = models.FloatField(default=0)
    rank = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(blank=True, default=list)
    state = models.CharField(max_length=12, choices=GapState.choices, default=GapState.OPEN)
    control = TenantKey(Control, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    requirement = TenantKey(EvidenceRequirement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_date = models.DateField(null=True, blank=True)
    due_set_by_hand = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=now)
    facts_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_times = models.PositiveIntegerField(default=0)
    closing_note = models.TextField(blank=True)

    class Meta:
        ordering = ["rank", "ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_gap_ref"),
            models.UniqueConstraint(fields=["organization", "rule", "subject", "connection_key"], name="one_gap_per_cause"),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "rank"]),
            models.Index("organization", RANK_ORDER, "id", name="gaps_by_rank"),
            models.Index(fields=["organization", "owner"]),
            models.Index(fields=["organization", "control"]),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def effective_severity(self) -> str:
        return self.severity_override or self.severity


class GapControl(TenantModel):
    """A gap bears on a control; the first is also `Gap.control`."""

    gap = TenantKey(Gap, on_delete=models.CASCADE, related_name="controls")
    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "gap", "control"], name="one_gap_control")]
        indexes = [models.Index(fields=["organization", "control"])]


class Occurrence(TenantModel):
    """One resource of a gap: 400 open buckets are one gap that names each."""

    gap = TenantKey(Gap, on_delete=models.CASCADE, related_name="occurrences")
    resource = models.CharField(max_length=400)
    message = models.TextField(blank=True)
    first_seen_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(default=now)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["resource"]
        constraints = [models.UniqueConstraint(fields=["organization", "gap", "resource"], name="one_occurrence_per_resource")]
