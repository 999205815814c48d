"""The scope register: what there is, and whether it is in. And the roster of workers that accounts are held against."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

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


#: What a system holds or a flow carries. `public` alone frees a repository from having to be private. An organisation adds
#: its own classes (DataClass) beside these.
DATA_CLASSES: tuple[tuple[str, str], ...] = (
    ("customer", "Customer data"),
    ("personal", "Personal data"),
    ("cardholder", "Cardholder data"),
    ("credentials", "Credentials and keys"),
    ("source_code", "Source code"),
    ("financial", "Financial records"),
    ("employee", "Employee records"),
    ("internal", "Internal documents"),
    ("public", "Public data only"),
)
#: The classes whose owner is a customer or somebody whom a customer answers for.
CUSTOMER_CLASSES = frozenset({"customer", "personal", "cardholder"})


ENVIRONMENTS: tuple[tuple[str, str], ...] = (
    ("", "Not said: counts as production"),
    ("production", "Production"),
    ("staging", "Staging"),
    ("development", "Development"),
    ("test", "Test"),
    ("sandbox", "Sandbox"),
    ("corporate", "Corporate"),
)


class DataClass(TenantModel):
    """A class of data that the organisation added to the shipped ones. `code` is what systems and flows keep."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="one_data_class_code")]

    def __str__(self) -> str:
        return self.name


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

    @property
    def holds_customer_data(self) -> bool:
        """Whether it is said to hold data of customers. False also where nobody has said what it holds."""
        return not CUSTOMER_CLASSES.isdisjoint(self.data_classes)


class ScopeDecision(TenantModel):
    """Who decided in or out, when and why. Changing a decision adds one; the old ones stay.

    `effective_on` is the day from which it holds, where that is not the day on which it was made: a register that is
    set up in the middle of a period says so of what has been in all along. `decided_at` is never set back.
    """

    system = TenantKey(System, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    justification = models.TextField()
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)
    effective_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]


class Service(TenantModel):
    """What customers get from the organisation. A programme covers one or several, a control applies to all or to some."""

    ref = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    systems: models.ManyToManyField[System, SystemService] = models.ManyToManyField(
        System, through="SystemService", related_name="services"
    )

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_service_ref"),
            models.UniqueConstraint("organization", Lower("name"), name="one_service_name"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class SystemService(TenantModel):
    """A system serves a service. A system that names none serves them all."""

    system = TenantKey(System, on_delete=models.CASCADE, related_name="service_links")
    service = TenantKey(Service, on_delete=models.CASCADE, related_name="system_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "service"], name="one_link_per_system_and_service")]


class Direction(models.TextChoices):
    ONE_WAY = "one_way", "One way"
    BOTH_WAYS = "both_ways", "Both ways"


class Flow(TenantModel):
    """Data that goes from one entry of the register to another. `encrypted` is None until somebody has said."""

    ref = models.CharField(max_length=12)
    source = TenantKey(System, on_delete=models.CASCADE, related_name="flows_out")
    target = TenantKey(System, on_delete=models.CASCADE, related_name="flows_in")
    data_classes = models.JSONField(default=list, blank=True)
    description = models.TextField(blank=True)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.ONE_WAY)
    encrypted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_flow_ref"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_flow_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.source_id} to {self.target_id}"


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
