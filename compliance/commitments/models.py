"""Principal service commitments and system requirements (DC 2): what was promised, and where it stands written."""

from __future__ import annotations

from django.db import models

from compliance.frameworks.models import Requirement
from compliance.registers.models import Service
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel


class Kind(models.TextChoices):
    COMMITMENT = "commitment", "Service commitment"
    REQUIREMENT = "requirement", "System requirement"


class Promise(models.TextChoices):
    """What is promised, as far as it calls for a category of its own."""

    UPTIME = "uptime", "Uptime"
    SECRECY = "secrecy", "Secrecy"
    ACCURACY = "accuracy", "Accuracy"
    PERSONAL_DATA = "personal_data", "Personal data"
    OTHER = "other", "Something else"


class Commitment(TenantModel):
    """A promise to customers, or what the system must do to keep one. `source` is the clause, law or page that says it.

    `promise` is a person's choice; the words of the text only suggest one. A withdrawn commitment stays on record.
    """

    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    promise = models.CharField(max_length=14, choices=Promise.choices)
    text = models.TextField()
    source = models.CharField(max_length=300)
    withdrawn_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_commitment_ref")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:80]}"


class CommitmentRequirement(TenantModel):
    """A criterion that bears on a commitment."""

    commitment = TenantKey(Commitment, on_delete=models.CASCADE, related_name="bears_on")
    requirement = TenantKey(Requirement, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "commitment", "requirement"], name="one_commitment_criterion")
        ]


class CommitmentService(TenantModel):
    """A service that a commitment is about. One that names none is about all of them."""

    commitment = TenantKey(Commitment, on_delete=models.CASCADE, related_name="services")
    service = TenantKey(Service, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "commitment", "service"], name="one_commitment_service")
        ]
