"""Reading descriptions and their versions."""

from __future__ import annotations

from django.db.models import QuerySet

from compliance.programmes.models import Programme, ProgrammeKind
from compliance.programmes.selectors import programmes

from .models import Description, Version

SOC2_KINDS = (ProgrammeKind.SOC2_TYPE_1, ProgrammeKind.SOC2_TYPE_2)


def described_programmes() -> QuerySet[Programme]:
    """Programmes that have a system description: SOC 2's."""
    return programmes().filter(kind__in=SOC2_KINDS)


def descriptions() -> QuerySet[Description]:
    """Every description that was begun."""
    return Description.objects.select_related("programme__framework").prefetch_related("sections").order_by("-id")


def versions(description: Description) -> QuerySet[Version]:
    """Versions, the newest first, without what they hold."""
    return description.versions.select_related("approval").defer("sections").order_by("-number")


def approved_version(description: Description) -> Version | None:
    """The newest version that was approved."""
    return description.versions.filter(approval__isnull=False).select_related("approval").order_by("-number").first()
