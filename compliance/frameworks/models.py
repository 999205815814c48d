"""What an organisation is measured against. Shipped ones belong to the reserved organisation (decisions, 11)."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel


class Framework(TenantModel):
    """One version of one framework. Ids of shipped ones are UUIDv5 of key and version: every installation agrees on them.

    `external_id` is what its publisher calls it (a URN, a UUID). `follows` is the id of the version that it takes the
    place of, of the room or shipped; `difference` is what had changed between the two when it came. `written_here`
    frameworks are edited in the product; imported ones are their publishers', and change by a new version alone.
    """

    key = models.CharField(max_length=60)
    version = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=120)
    publisher = models.CharField(max_length=200, blank=True)
    licence_note = models.TextField(blank=True)
    levels = models.JSONField(blank=True, default=list)
    all_clauses_loaded = models.BooleanField(default=True)
    external_id = models.CharField(max_length=400, blank=True)
    written_here = models.BooleanField(default=False)
    follows = models.UUIDField(null=True, blank=True)
    difference = models.JSONField(blank=True, default=dict)
    loaded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key", "version"], name="one_framework_version")]

    def __str__(self) -> str:
        return self.short_title


class Requirement(TenantModel):
    """A criterion, clause, control or subcategory of a framework; `assessable` ones are what readiness counts."""

    framework = TenantKey(Framework, on_delete=models.CASCADE, related_name="requirements")
    ref = models.CharField(max_length=200)
    parent = TenantKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField()
    level = models.CharField(max_length=120)
    assessable = models.BooleanField()
    title = models.CharField(max_length=500)
    text = models.TextField()
    category = models.CharField(max_length=120, blank=True)
    series = models.CharField(max_length=120, blank=True)
    theme = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=400, blank=True)
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
    ref = models.CharField(max_length=200)
    text = models.TextField()

    def __str__(self) -> str:
        return self.ref


class Relation(models.TextChoices):
    EQUAL = "equal", "asks in substance the same"
    SUBSET = "subset", "is contained in"
    SUPERSET = "superset", "contains"
    INTERSECTS = "intersects", "overlaps"


class Crosswalk(TenantModel):
    """How one requirement relates to one of another framework, read from `source` to `target`.

    Either end may be shipped while the relation is the room's own: each names its owner, held by composite keys.
    """

    source = TenantKey(Requirement, on_delete=models.CASCADE, related_name="+")
    source_owner_id = models.UUIDField(default=NIL)
    target = TenantKey(Requirement, on_delete=models.CASCADE, related_name="+")
    target_owner_id = models.UUIDField(default=NIL)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    confidence = models.CharField(max_length=10)
    sources = models.JSONField(blank=True, default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "source", "target"], name="one_relation_per_pair")]
        indexes = [models.Index(fields=["organization", "target"])]


class SuggestedControl(TenantModel):
    """A control that an imported library suggests for requirements (its reference controls). Nobody has adopted it."""

    external_id = models.CharField(max_length=400)
    ref = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    category = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["ref", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "external_id"], name="one_suggested_control")]

    def __str__(self) -> str:
        return self.ref


class ImportState(models.TextChoices):
    DRAFT = "draft", "Looked at, not loaded"
    LOADED = "loaded", "Loaded"
    DISCARDED = "discarded", "Discarded"


class FrameworkImport(TenantModel):
    """A file of frameworks that somebody brought: looked at first, then loaded whole or not at all.

    `content` is kept until then and emptied after; `options` is what was said beside it, `report` what became of it,
    with the ends of mappings that were not found.
    """

    file_name = models.CharField(max_length=255)
    content = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(blank=True, default=dict)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.DRAFT)
    report = models.JSONField(blank=True, default=dict)
    brought_by = models.CharField(max_length=254)
    brought_at = models.DateTimeField(default=now, editable=False)
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at", "-id"]
