"""The scope register: what there is, and whether it is in. And the roster of workers that accounts are held against."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel


class Kind(models.TextChoices):
    CLOUD_ACCOUNT = "cloud_account", "Cloud account"
    DATABASE = "database", "Database"
    DATA_STORE = "data_store", "Data store"
    REPOSITORY = "repository", "Repository"
    APPLICATION = "application", "Application"
    IDENTITY_PROVIDER = "identity_provider", "Identity provider"
    CODE_HOST = "code_host", "Code host"
    ENVIRONMENT = "environment", "Environment"
    LOCATION = "location", "Location"
    TEAM = "team", "Team"
    THIRD_PARTY = "third_party", "Third party"
    OTHER = "other", "Other system"


class Decision(models.TextChoices):
    UNDECIDED = "undecided", "Undecided"
    IN = "in", "In scope"
    OUT = "out", "Out of scope"


class System(TenantModel):
    """One entry of the scope register. Undecided counts as in scope until somebody decides (lessons, 17).

    `external_id` is how a vendor's collector names it (`aws:2222…`, `github:acme/api`), empty for what no connection sees.
    `decision` repeats the newest ScopeDecision.
    """

    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    environment = models.CharField(max_length=40, blank=True)
    data_classes = models.JSONField(default=list, blank=True)
    vendor = models.CharField(max_length=120, blank=True)
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    service_account = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.UNDECIDED)
    discovered_by = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField(default=now, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_system_ref"),
            models.UniqueConstraint(
                fields=["organization", "kind", "external_id"], condition=~Q(external_id=""), name="one_system_per_external_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class ScopeDecision(TenantModel):
    """Who decided in or out, when and why. Changing a decision adds one; the old ones stay."""

    system = TenantKey(System, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    justification = models.TextField()
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]


class Worker(TenantModel):
    """A person who works, or worked, for the organisation, as its people list says: what accounts are held against.

    Not a user: most workers never sign in here, and an account is not a person.
    """

    external_id = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    team = models.CharField(max_length=120, blank=True)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    accounts = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "source", "external_id"], name="one_worker_per_source_id")]
        indexes = [models.Index(fields=["organization", "email"])]

    def __str__(self) -> str:
        return self.name
