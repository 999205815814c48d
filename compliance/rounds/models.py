"""Rounds of a programme: what the auditor confirmed before fieldwork, and the monthly and annual reviews with their actions."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel


class How(models.TextChoices):
    RECORDED = "recorded", "Recorded by the organisation"
    PORTAL = "portal", "Confirmed by the auditor in the portal"


class Confirmation(TenantModel):
    """The auditor's confirmation of scope, period, categories and method, with all of it as it then stood. Only grows.

    `snapshot` is what `snapshot.of_programme` answers. `source` says where a recorded one stands written.
    """

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    how = models.CharField(max_length=8, choices=How.choices)
    confirmed_by = models.CharField(max_length=254)
    firm = models.CharField(max_length=200, blank=True)
    confirmed_on = models.DateField()
    source = models.TextField(blank=True)
    snapshot = models.JSONField(default=dict)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organization", "programme", "number"], name="one_confirmation_number")]

    def __str__(self) -> str:
        return f"Confirmation {self.number} of {self.programme.name}"


class Cadence(models.TextChoices):
    MONTHLY = "monthly", "Monthly programme review"
    ANNUAL = "annual", "Annual programme review"


class Review(TenantModel):
    """A programme review: what was looked at, what was said, and what follows. Closed, it never changes again.

    `covers_from` to `covers_to` are the days it looks back on. `facts` are the register's facts at the time of closing;
    until then the page shows them as they stand.
    """

    programme = TenantKey(Programme, on_delete=models.CASCADE, related_name="+")
    cadence = models.CharField(max_length=8, choices=Cadence.choices)
    covers_from = models.DateField()
    covers_to = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    attended = models.TextField(blank=True)
    framework_changes = models.TextField(blank=True)
    business_changes = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    facts = models.JSONField(default=list, blank=True)
    opened_by = models.CharField(max_length=254)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_by = models.CharField(max_length=254, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-covers_to", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "programme", "cadence", "covers_from"], name="one_review_of_a_span")
        ]

    def __str__(self) -> str:
        return f"{self.get_cadence_display()}, {self.covers_from:%d %b %Y} to {self.covers_to:%d %b %Y}"

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was written into it, by heading."""
        return [
            ("Who took part", self.attended), ("Framework changes", self.framework_changes),
            ("Business changes", self.business_changes), ("Scope", self.scope), ("Lessons", self.lessons),
        ]  # fmt: skip


class Action(TenantModel):
    """Something that a review asks of somebody by a day. It may be done after the review is closed; it never changes."""

    review = TenantKey(Review, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=500)
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    owner_name = models.CharField(max_length=200)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=254, blank=True)
    done_note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text[:80]
