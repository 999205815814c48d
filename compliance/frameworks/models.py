"""What an organisation is measured against. Shipped ones belong to the reserved organisation (decisions, 11)."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.models import TenantKey, TenantModel


class Framework(TenantModel):
    """One version of one framework. Ids are UUIDv5 of key and version, so every installation agrees on them."""

    key = models.CharField(max_length=60)
    version = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=40)
    publisher = models.CharField(max_length=120)
    licence_note = models.TextField(blank=True)
    levels = models.JSONField(blank=True, default=list)
    all_clauses_loaded = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key", "version"], name="one_framework_version")]

    def __str__(self) -> str:
        return self.short_title


class Requirement(TenantModel):
    """A criterion, clause, control or subcategory of a framework; `assessable` ones are what readiness counts."""

    framework = TenantKey(Framework, on_delete=models.CASCADE, related_name="requirements")
    ref = models.CharField(max_length=40)
    parent = TenantKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField()
    level = models.CharField(max_length=40)
    assessable = models.BooleanField()
    title = models.CharField(max_length=300)
    text = models.TextField()
    category = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=20, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    frequency = models.JSONField(blank=True, default=dict)
    attributes = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ["framework_id", "position"]
        constraints = [models.UniqueConstraint(fields=["organization", "framework", "ref"], name="one_ref_per_framework")]

    def __str__(self) -> str:
        return self.ref


class PointOfFocus(TenantModel):
    """Guidance under a criterion, never assessed instead of it. The shipped SOC 2 catalogue carries none (licence)."""

    requirement = TenantKey(Requirement, on_delete=models.CASCADE, related_name="points_of_focus")
    ref = models.CharField(max_length=40)
    text = models.TextField()

    def __str__(self) -> str:
        return self.ref


class Relation(models.TextChoices):
    EQUAL = "equal", "asks in substance the same"
    SUBSET = "subset", "is contained in"
    SUPERSET = "superset", "contains"
    INTERSECTS = "intersects", "overlaps"


class Crosswalk(TenantModel):
    """How one requirement relates to one of another framework, read from `source` to `target`."""

    source = TenantKey(Requirement, on_delete=models.CASCADE, related_name="+")
    target = TenantKey(Requirement, on_delete=models.CASCADE, related_name="+")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    confidence = models.CharField(max_length=10)
    sources = models.JSONField(blank=True, default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "source", "target"], name="one_relation_per_pair")]
        indexes = [models.Index(fields=["organization", "target"])]
