"""The ledger of what happened: incidents (DC 4) and business changes (DC 9), and whether a description must tell them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from compliance.registers.models import System
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel


class Disclosure(models.TextChoices):
    UNDECIDED = "undecided", "Undecided"
    DISCLOSE = "disclose", "In the description"
    KEEP_OUT = "keep_out", "Not in the description"


class ChangeKind(models.TextChoices):
    """The components of a system that DC 3 names, and what else a reader of the report would want to know of."""

    SERVICE = "service", "Services offered"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    SOFTWARE = "software", "Software"
    PEOPLE = "people", "People and organisation"
    PROCEDURES = "procedures", "Procedures"
    INFORMATION = "information", "Data held"
    THIRD_PARTY = "third_party", "Third parties"
    COMMITMENTS = "commitments", "Commitments to customers"
    OTHER = "other", "Something else"


class _Disclosable(TenantModel):
    """What may have to be told: who decided, when and why. Undecided is neither, and the description says so."""

    disclosure = models.CharField(max_length=10, choices=Disclosure.choices, default=Disclosure.UNDECIDED)
    disclosure_reason = models.TextField(blank=True)
    disclosure_by = models.CharField(max_length=254, blank=True)
    disclosure_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True

    @property
    def is_told(self) -> bool:
        return self.disclosure == Disclosure.DISCLOSE


class Incident(_Disclosable):
    """A security or service incident: its nature, timing, extent and disposition (DC 4).

    `ended_on` is empty while it goes on. `from_controls`: it came of a control that was not suitable or did not operate;
    `broke_commitments`: it led to a commitment or requirement not being met. Either one calls for disclosure.
    `commitments` are references of the commitments register.
    """

    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    nature = models.TextField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    extent = models.TextField(blank=True)
    disposition = models.TextField(blank=True)
    from_controls = models.BooleanField(default=False)
    broke_commitments = models.BooleanField(default=False)
    commitments = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-started_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_incident_ref"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="incident_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class IncidentSystem(TenantModel):
    """A system that an incident touched."""

    incident = TenantKey(Incident, on_delete=models.CASCADE, related_name="touched")
    system = TenantKey(System, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "incident", "system"], name="one_incident_system")]


class Change(_Disclosable):
    """A change of the business or its system that a reader of the report may need to know of (DC 9)."""

    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    happened_on = models.DateField()

    class Meta:
        ordering = ["-happened_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_change_ref")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class ChangeSystem(TenantModel):
    """A system that a change touched."""

    change = TenantKey(Change, on_delete=models.CASCADE, related_name="touched")
    system = TenantKey(System, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "change", "system"], name="one_change_system")]
