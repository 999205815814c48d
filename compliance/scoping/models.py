"""Warnings of scope as rows, the decisions on them, and the check lists of systems that enter scope within a period."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.programmes.models import Programme
from compliance.registers.models import System
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel


class State(models.TextChoices):
    OPEN = "open", "Open"
    DECIDED = "decided", "Decided"
    GONE = "gone", "Gone"


class Severity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    SIGNIFICANT = "significant", "Significant"
    MINOR = "minor", "Minor"


class ScopeWarning(TenantModel):
    """What a rule says of one thing, from the day on which it was first raised. Written by `services.reconcile` alone.

    `key` is rule and thing, the same each time it is raised. `basis` is a digest of the facts that a decision would rest
    on. `state`: `open` until somebody decides or the facts change; `decided` while a decision holds; `gone` when the
    facts no longer raise it. `place` is where it is put right: a URL name, and the id that it takes.
    """

    key = models.CharField(max_length=200)
    rule = models.CharField(max_length=10)
    severity = models.CharField(max_length=12, choices=Severity.choices)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    reason = models.TextField()
    todo = models.TextField()
    system = TenantKey(System, on_delete=models.CASCADE, null=True, related_name="+")
    programme = TenantKey(Programme, on_delete=models.CASCADE, null=True, related_name="+")
    place = models.CharField(max_length=60)
    place_id = models.UUIDField(null=True)
    place_query = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    first_raised_at = models.DateTimeField(default=now, editable=False)
    raised_at = models.DateTimeField(default=now)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rule", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="one_scope_warning_per_key")]
        indexes = [models.Index(fields=["organization", "state"]), models.Index(fields=["organization", "system"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Verdict(models.TextChoices):
    STANDS = "stands", "Left as it is"
    WITHDRAWN = "withdrawn", "Decision taken back"


class WarningDecision(TenantModel):
    """Somebody decided to leave a warning as it is, until a day on which it is looked at again; or took that back.

    Only grows: the newest counts, while its `basis` is that of the warning and `review_on` has not come.
    """

    warning = TenantKey(ScopeWarning, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField()
    review_on = models.DateField(null=True)
    basis = models.CharField(max_length=64)
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict="withdrawn") | Q(review_on__isnull=False), name="decision_has_a_review_day")
        ]


class CheckList(TenantModel):
    """A system that entered scope within a programme's period: what has to be settled for it, from facts.

    `starts_on` is its first day in scope within the period, so its population is shorter than the period. `closed_at`:
    it no longer is a late one, because it left scope, or was in from the period's first day after all.
    """

    system = TenantKey(System, on_delete=models.CASCADE, related_name="+")
    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "system", "programme"], name="one_check_list_per_system")
        ]

    def __str__(self) -> str:
        return f"Check list of {self.system}"


class PointKind(models.TextChoices):
    OWNER = "owner", "Somebody owns it"
    CONTROLS = "controls", "Controls name it"
    EVIDENCE = "evidence", "Evidence is collected from it"
    START = "start", "The day is stated from which controls operate on it"


class Answer(TenantModel):
    """What a person says of a point that facts cannot tell: the words, or the day. Only grows; the newest counts."""

    check_list = TenantKey(CheckList, on_delete=models.CASCADE, related_name="answers")
    point = models.CharField(max_length=10, choices=PointKind.choices)
    text = models.TextField()
    day = models.DateField(null=True)
    answered_by = models.CharField(max_length=254)
    answered_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
