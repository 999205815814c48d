"""Saved views of the matrix, and which of them a person begins with."""

from __future__ import annotations

from django.db import models

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class SavedView(TenantModel):
    """What the matrix' address held when it was saved, under a name: `query` without page, paper or open row.

    Its owner's alone, or `shared` with everybody in the room who may look at controls.
    """

    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    owner = TenantKey(Membership, on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "owner", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name


class DefaultView(TenantModel):
    """The view that a person's matrix opens with; without a row it opens with everything."""

    member = TenantOneToOne(Membership, on_delete=models.CASCADE, related_name="+")
    view = TenantKey(SavedView, on_delete=models.CASCADE, related_name="+")
