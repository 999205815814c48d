"""Organisations, and what every tenant-owned row has in common."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from .clock import now
from .ids import NIL, uuid7


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def tenants(self) -> OrganizationQuerySet:
        """Every organisation but the reserved one that owns the shipped frameworks."""
        return self.exclude(pk=NIL).order_by("pk")


class Organization(models.Model):
    """A tenant. Global: it has to be found before its room can be entered (decisions, 8)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=60, unique=True,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", "Use small letters, digits and single hyphens.")],
    )
    timezone = models.CharField(max_length=64, default="UTC")
    is_sample = models.BooleanField(default=False, editable=False)
    requires_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = OrganizationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """A row of one organisation. The database shows it in that organisation's room only.

    Its migration ends with `SecureTenantTables`, which adds the policy and the composite keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, editable=False, related_name="+")

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.__dict__.get("organization_id", "") is None:  # a deferred one is not fetched only to look at it
            from .rooms import current

            room = current()
            if room is not None:
                self.organization_id = room.organization_id


class _Composite:
    """A reference whose constraint is composite (organisation and id), and made by `SecureTenantTables`."""

    def __init__(self, to: Any, on_delete: Any = models.CASCADE, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)  # type: ignore[call-arg]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class TenantKey(_Composite, models.ForeignKey):
    """A reference between tenant rows: a plain foreign key ignores row-level security (decisions, 12)."""


class TenantOneToOne(_Composite, models.OneToOneField):
    """`TenantKey`, one to one."""


class Sequence(TenantModel):
    """The last number given out for a kind of reference (GAP, EV …) in one organisation."""

    prefix = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "prefix"], name="one_sequence_per_prefix")]
