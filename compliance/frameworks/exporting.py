"""Frameworks of the database as OSCAL documents."""

from __future__ import annotations

from typing import Any

from compliance.tenancy.clock import now

from .models import Framework, PointOfFocus, Requirement
from .oscal.catalog import catalog


def requirements_in_order(framework: Framework) -> list[Requirement]:
    """All of a framework's requirements, in order."""
    return list(Requirement.objects.filter(framework=framework).order_by("position"))


def moment() -> str:
    """Now, as OSCAL writes it."""
    return now().isoformat(timespec="milliseconds")


def catalog_of(framework: Framework) -> dict[str, Any]:
    """A framework with its points of focus as a catalogue."""
    points = PointOfFocus.objects.filter(requirement__framework=framework).order_by("requirement_id", "ref")
    return catalog(framework, requirements_in_order(framework), list(points), moment=moment())
