"""Reading the ledger."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from .models import Change, Disclosure, Incident


def incidents(*, text: str = "", disclosure: str = "") -> QuerySet[Incident]:
    """Every incident, the latest first."""
    found = Incident.objects.prefetch_related("touched__system").order_by("-started_on", "-id")
    if disclosure:
        found = found.filter(disclosure=disclosure)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(nature__icontains=text) | Q(ref__istartswith=text))
    return found


def changes(*, text: str = "", disclosure: str = "", kind: str = "") -> QuerySet[Change]:
    """Every business change, the latest first."""
    found = Change.objects.prefetch_related("touched__system").order_by("-happened_on", "-id")
    if disclosure:
        found = found.filter(disclosure=disclosure)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(ref__istartswith=text))
    return found


def incidents_between(first: date, last: date) -> QuerySet[Incident]:
    """Incidents any day of which lies between two days, both included; one that goes on reaches to the present."""
    return incidents().filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first), started_on__lte=last)


def changes_between(first: date, last: date) -> QuerySet[Change]:
    """Changes on the days between two days, both included."""
    return changes().filter(happened_on__range=(first, last))


def undecided_incidents() -> QuerySet[Incident]:
    """Incidents of which nobody has decided whether the description tells them."""
    return incidents(disclosure=Disclosure.UNDECIDED)


def undecided_changes() -> QuerySet[Change]:
    """Changes of which nobody has decided whether the description tells them."""
    return changes(disclosure=Disclosure.UNDECIDED)
