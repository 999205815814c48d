"""Which controls stand in for which, and whether they do their work. Reading only."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from .models import Compensation, Control, Implementation


def compensations_of(control: Control) -> QuerySet[Compensation]:
    """What stands, or stood, in for a control, with the standing of each; those in force first."""
    found = Compensation.objects.filter(control=control).select_related("by__standing", "control")
    return found.order_by("-ends_on", "by__ref", "-id")


def compensates(control: Control) -> QuerySet[Compensation]:
    """What a control stands, or stood, in for; those in force first."""
    return Compensation.objects.filter(by=control).select_related("control").order_by("-ends_on", "control__ref", "-id")


def in_force(on: date) -> QuerySet[Compensation]:
    """The relations that hold on a day."""
    return Compensation.objects.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def operating(on: date) -> QuerySet[Compensation]:
    """Those in force on a day whose compensating control is in place, with nothing but a pass to its name."""
    return in_force(on).filter(by__implementation=Implementation.IMPLEMENTED, by__standing__operation="pass")
