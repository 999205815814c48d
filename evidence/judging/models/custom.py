"""Checks that an organisation writes itself: an expression over the rows of one fact kind."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from evidence.checks.base import Severity


class CustomCheck(TenantModel):
    """One check of the organisation's own, known as `custom.<slug>`. What it asks stands in its versions; the newest counts.

    `number` is the newest version's. A disabled one is judged no more; what it found stays.
    """

    slug = models.SlugField(max_length=60)
    enabled = models.BooleanField(default=True)
    number = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="one_custom_check_slug")]

    def __str__(self) -> str:
        return self.check_id

    @property
    def check_id(self) -> str:
        return f"custom.{self.slug}"

    @property
    def newest(self) -> CustomCheckVersion | None:
        """Its newest version, as the query that found it has fetched it."""
        held = getattr(self, "_newest", None)
        return (held[0] if held else None) if held is not None else self.versions.order_by("-number").first()


class CustomCheckVersion(TenantModel):
    """What a check of one's own asks. Only grows.

    `passes` is a CEL expression over `row` that is true where the row passes; `applies` (optional) is true where the
    check applies to it; `resource` names what the row is about. `examples`: [{"row": …, "outcome": …}], all of which
    gave what they should when the version was saved.
    """

    custom_check = TenantKey(CustomCheck, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    fact_kind = models.CharField(max_length=80)
    passes = models.TextField()
    applies = models.TextField(blank=True)
    resource = models.TextField()
    noun = models.CharField(max_length=60, default="resource")
    severity = models.CharField(max_length=10, choices=[(each.value, each.value.capitalize()) for each in Severity])
    criteria = models.JSONField(blank=True, default=list)
    annex_a = models.JSONField(blank=True, default=list)
    why = models.TextField()
    remedy = models.TextField()
    examples = models.JSONField(default=list)
    written_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    written_by_name = models.CharField(max_length=254)
    written_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "custom_check", "number"], name="one_custom_check_version")
        ]
