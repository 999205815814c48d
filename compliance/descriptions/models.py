"""System descriptions: the text being written, and the versions that were kept and approved."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class Description(TenantModel):
    """The system description of a SOC 2 programme."""

    programme = TenantOneToOne(Programme, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"System description, {self.programme.name}"


class Section(TenantModel):
    """What people write for one description criterion, in Markdown.

    `revision` counts the saves: whoever saves says which one they began from. `authors` are the ids of the members who
    ever wrote in it; none of them approves.
    """

    description = TenantKey(Description, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=4)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    authors = models.JSONField(default=list, blank=True)
    changed_by = models.CharField(max_length=254, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "description", "key"], name="one_section_of_a_key")]

    def __str__(self) -> str:
        return self.key


class Version(TenantModel):
    """A description as it stood when somebody kept it. Only grows.

    `sections` is a list of {"key", "title", "text", "tables", "lacks"}, and "figures" where there are any: the text, the
    tables and drawings that the registers gave at that moment, and what each lacked. `authors` are ids of members: who
    wrote any of it, and who kept it.
    """

    description = TenantKey(Description, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)
    sections = models.JSONField(default=list)
    authors = models.JSONField(default=list)
    kept_by = models.CharField(max_length=254)
    kept_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organization", "description", "number"], name="one_description_version")]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def lacks(self) -> int:
        """How many things its sections lacked."""
        return sum(len(section["lacks"]) for section in self.sections)


class Approval(TenantModel):
    """A version approved by somebody who wrote none of it. Only grows."""

    version = TenantOneToOne(Version, on_delete=models.CASCADE, related_name="approval")
    approved_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by_label = models.CharField(max_length=254)
    approved_at = models.DateTimeField(default=now, editable=False)
