"""Controls: what we say we do, mapped to what is asked of us."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.registers.models import Service, System
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class Frequency(models.TextChoices):
    CONTINUOUS = "continuous", "Continuous"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"
    QUARTERLY = "quarterly", "Quarterly"
    SEMI_ANNUAL = "semi_annual", "Twice a year"
    ANNUAL = "annual", "Annual"
    TWO_YEARS = "two_years", "Every two years"
    ON_EVENT = "on_event", "On event"


class Implementation(models.TextChoices):
    PLANNED = "planned", "Planned"
    PARTLY = "partly", "Partly in place"
    IMPLEMENTED = "implemented", "Implemented"
    RETIRED = "retired", "Retired"


class Design(models.TextChoices):
    NOT_ASSESSED = "not_assessed", "Not assessed"
    SUITABLE = "suitable", "Suitable"
    UNSUITABLE = "unsuitable", "Not suitable"


class Control(TenantModel):
    """A control as stated. `owner` is one named person; `owner_role` is who should be, until one is named.

    `population_confirmed_at`: when somebody confirmed that the population is complete and accurate, and how (note).
    `population_confirmer`: that member, where their name alone was not all that was kept; none where kept rows decide.
    `test_procedures`: list of {"type": inquiry|observation|inspection|reperformance, "text": …}.
    `starts_on`: the day on which it began, or is to begin, to operate; intervals are expected from then.
    It applies to the services of `service_links`, without any to all of them; `system_links` name where it operates.
    Design is concluded by someone other than the owner (definitions, Readiness c).
    """

    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    statement = models.TextField()
    area = models.CharField(max_length=60, blank=True)
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner_role = models.CharField(max_length=120, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    nature = models.CharField(max_length=10, choices=[("manual", "Manual"), ("automated", "Automated")], default="manual")
    kind = models.CharField(
        max_length=12, default="preventive",
        choices=[("preventive", "Preventive"), ("detective", "Detective"), ("corrective", "Corrective")],
    )
    key = models.BooleanField(default=True)
    tested_by_sample = models.BooleanField(default=False)
    population = models.CharField(max_length=200, blank=True)
    population_confirmed_by = models.CharField(max_length=254, blank=True)
    population_confirmer = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    population_confirmed_at = models.DateTimeField(null=True, blank=True)
    population_note = models.TextField(blank=True)
    test_procedures = models.JSONField(default=list, blank=True)
    implementation = models.CharField(max_length=12, choices=Implementation.choices, default=Implementation.PLANNED)
    design = models.CharField(max_length=14, choices=Design.choices, default=Design.NOT_ASSESSED)
    design_reason = models.TextField(blank=True)
    design_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    design_at = models.DateTimeField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    starter_key = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_control_ref")]
        indexes = [models.Index(fields=["organization", "owner"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Mapping(TenantModel):
    """A control meets a requirement, or the named part of it."""

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="mappings")
    requirement = TenantKey(Requirement, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)
    part = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "control", "requirement"], name="one_mapping_per_pair")]
        indexes = [models.Index(fields=["organization", "requirement"])]


class ControlSystem(TenantModel):
    """A control operates on a system of the register. One that names none is tied to no system in particular."""

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="system_links")
    system = TenantKey(System, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "control", "system"], name="one_control_system")]
        indexes = [models.Index(fields=["organization", "system"])]


class ControlService(TenantModel):
    """A control applies to a service. One that names none applies to all of them."""

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="service_links")
    service = TenantKey(Service, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "control", "service"], name="one_control_service")]
        indexes = [models.Index(fields=["organization", "service"])]


class ControlVersion(TenantModel):
    """What a control stated from a moment until the next version's. Only grows; the database holds that.

    `stated`: the values as they were, people, systems and services by id and name. `changed`: the names of what differs
    from the version before; empty in the first. `made_by` is empty where the first was kept after the fact.
    """

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField(default=now)
    stated = models.JSONField()
    changed = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organization", "control", "number"], name="one_control_version")]

    def __str__(self) -> str:
        return f"version {self.number}"


class DesignConclusion(TenantModel):
    """A conclusion on a control's design as it was stated in `version`. Only grows; `Control.design` is the present state."""

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="conclusions")
    version = TenantKey(ControlVersion, on_delete=models.CASCADE, related_name="conclusions")
    design = models.CharField(max_length=14, choices=Design.choices)
    reason = models.TextField()
    concluded_by = models.CharField(max_length=254, blank=True)
    concluded_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]


class Compensation(TenantModel):
    """While `control` does not do its work, `by` does what it was for, from one day to another (both included).

    Said with a reason; whether `by` operates is a fact of its own, and decides what the relation is worth.
    """

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="compensations")
    by = TenantKey(Control, on_delete=models.CASCADE, related_name="compensates")
    reason = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "control", "by"], condition=Q(ends_on__isnull=True), name="one_open_compensation"
            ),
            models.CheckConstraint(condition=~Q(control=F("by")), name="no_control_compensates_itself"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="compensation_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by.ref} for {self.control.ref}"


class AdoptionDraft(TenantModel):
    """What the room has chosen so far of a starter set: one for the room, until it is adopted or thrown away.

    `choices`: what `evidence.adopting.plan.Plan` reads and writes.
    """

    name = models.CharField(max_length=60)
    choices = models.JSONField(default=dict, blank=True)
    saved_by = models.CharField(max_length=254)
    saved_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_adoption_draft")]


class Standing(TenantModel):
    """What the floors above know of a control, in one row (decisions, 1). Written through `services.write_standing`.

    `operation`: pass, fail, unknown, not_observed. `evidence`: worst freshness of its requirements.
    `missing`: what keeps it from being auditable, in words. `unapproved`: evidence of people that nobody else approved yet.
    `checks`: how many checks are bound to its evidence; without any the control is judged by hand.
    `coverage`: {"filled", "late", "missed", "unknown", "to_come", "strip"}.
    """

    control = TenantOneToOne(Control, on_delete=models.CASCADE, related_name="standing")
    evidence = models.CharField(max_length=16, default="missing")
    evidence_counts = models.JSONField(blank=True, default=dict)
    operation = models.CharField(max_length=16, default="not_observed")
    operation_counts = models.JSONField(blank=True, default=dict)
    missing = models.JSONField(blank=True, default=list)
    unapproved = models.PositiveIntegerField(default=0)
    checks = models.PositiveIntegerField(default=0)
    coverage = models.JSONField(blank=True, default=dict)
    last_evidence_at = models.DateTimeField(null=True)
    last_review_at = models.DateTimeField(null=True)
    assessed = models.BooleanField(default=False)
    open_gaps = models.PositiveIntegerField(default=0)
    worst_gap = models.CharField(max_length=12, blank=True)
    top_gap_ref = models.CharField(max_length=12, blank=True)
    top_gap_id = models.UUIDField(null=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["organization", "evidence"]), models.Index(fields=["organization", "operation"])]
