"""Exceptions of a check: asked for, decided by another, for days that end. Both tables only grow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from evidence.collectors.models import Connection


class CheckException(TenantModel):
    """That a check may fail on a connection, for one resource or, with an empty `resource`, for all of them.

    From `starts_on` to `until`, both included, in the organisation's time zone; it holds only once another person has
    approved it, and until somebody revokes it.
    """

    ref = models.CharField(max_length=12)
    check_id = models.CharField(max_length=80)
    connection = TenantKey(Connection, on_delete=models.PROTECT, related_name="+")
    resource = models.CharField(max_length=400, blank=True)
    reason = models.TextField()
    starts_on = models.DateField()
    until = models.DateField()
    asked_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=254)
    asked_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_check_exception_ref"),
            models.CheckConstraint(condition=Q(until__gte=models.F("starts_on")), name="check_exception_days_in_order"),
        ]
        indexes = [models.Index(fields=["organization", "connection", "check_id"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.check_id}"


class Verdict(models.TextChoices):
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    REVOKED = "revoked", "Revoked"


class ExceptionDecision(TenantModel):
    """What was decided on an exception. `failing`: how many resources failed when it was approved, for one that covers
    all of them: where more fail, the facts are worse than what was approved."""

    exception = TenantKey(CheckException, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.TextField(blank=True)
    failing = models.PositiveIntegerField(null=True)
    decided_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "exception"], condition=Q(verdict__in=["approved", "refused"]),
                name="one_answer_per_check_exception",
            ),
            models.UniqueConstraint(
                fields=["organization", "exception"], condition=Q(verdict="revoked"), name="one_end_per_check_exception"
            ),
        ]
