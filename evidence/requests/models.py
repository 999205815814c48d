"""Evidence requests: what is asked of whom by when, the links that let somebody outside answer, and what happened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from evidence.models import EvidenceRequirement, Version


class AskState(models.TextChoices):
    OPEN = "open", "Open"
    HANDED_IN = "handed_in", "Handed in"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: The ball is with whoever was asked.
WAITING = (AskState.OPEN, AskState.RETURNED)


class Ask(TenantModel):
    """One artefact that a named person is asked for. Either a member (`member`), or somebody outside (`email`).

    `version` is what was last handed in; `reason` why it was returned or withdrawn.
    """

    ref = models.CharField(max_length=14)
    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, related_name="+")
    member = TenantKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=200)
    due_on = models.DateField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=AskState.choices, default=AskState.OPEN)
    reason = models.TextField(blank=True)
    version = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=254)
    asked_at = models.DateTimeField(default=now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_evidence_request_ref"),
            models.CheckConstraint(
                condition=Q(member__isnull=True) & ~Q(email="") | Q(member__isnull=False, email=""), name="asked_of_a_member_or_outside"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "due_on"]), models.Index(fields=["organization", "member", "state"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.requirement.title}"


class AskLink(TenantModel):
    """A way in to one request and to nothing else. Kept as a hash of its secret; several may be good at once."""

    ask = TenantKey(Ask, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "secret_hash"], name="one_request_link_per_secret")]


class EventKind(models.TextChoices):
    ASKED = "asked", "Asked"
    MAILED = "mailed", "Mailed"
    REMINDED_BEFORE = "before", "Reminded three days before"
    REMINDED_DAY = "day", "Reminded on the day"
    HANDED_IN = "handed_in", "Handed in"
    RETURNED = "returned", "Returned"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AskEvent(TenantModel):
    """What happened to a request, in order. Only grows."""

    ask = TenantKey(Ask, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    by = models.CharField(max_length=254)
    text = models.TextField(blank=True)
    version = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ask", "kind"], condition=Q(kind__in=["before", "day"]), name="one_reminder_of_a_kind"
            )
        ]
