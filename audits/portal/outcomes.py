"""Every outcome of a control's checks within the audit's period: nobody can hide one (definitions, Independence)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from compliance.tenancy.rooms import here
from compliance.trail.models import Entry
from compliance.web.keyset import KeysetPage, keyset_page
from controls.models import Control
from evidence.checks import catalogue
from evidence.judging.models import ResourceInterval
from evidence.models import EvidenceRequirement

from ..models import Seat

#: The newest change first.
ORDER = ("-started_at", "-id")


@dataclass(frozen=True)
class Outcomes:
    """One page of them, with the span that they lie in."""

    first: date
    last: date
    page: KeysetPage

    def __iter__(self) -> Iterator[tuple[str, ResourceInterval]]:
        """Each with what its check asks."""
        titles = {check.id: check.title for check in catalogue.all_checks()}
        return ((titles.get(row.check_id, row.check_id), row) for row in self.page.rows)


def outcomes_page(seat: Seat, control: Control, *, cursor: str) -> Outcomes | None:
    """The page that `cursor` names; None where the audit has no period yet."""
    span = span_of(seat)
    return span and Outcomes(*span, keyset_page(outcomes_of(seat, control), order=ORDER, cursor=cursor))


def span_of(seat: Seat) -> tuple[date, date] | None:
    """The first and the last day that the audit looks at: its period, or the one day of a Type I; None where neither is set."""
    programme = seat.audit.programme
    if programme.period_start and programme.period_end:
        return programme.period_start, programme.period_end
    return (programme.as_of, programme.as_of) if programme.as_of else None


def outcomes_of(seat: Seat, control: Control) -> QuerySet[ResourceInterval]:
    """What each check said of each resource, from when until when, where any of that lies within the span.

    What still holds reaches to the last look that saw it, and no further.
    """
    span = span_of(seat)
    if span is None:
        return ResourceInterval.objects.none()
    start, end = _moment(span[0]), _moment(span[1] + timedelta(days=1))
    reaches_in = Q(ended_at__gt=start) | Q(ended_at__isnull=True, seen_until__gte=start)
    found = ResourceInterval.objects.filter(reaches_in, check_id__in=_checks_of(control), started_at__lt=end)
    return found.select_related("connection").defer(
        "connection__secret", "connection__config", "connection__test_results"
    )


def _checks_of(control: Control) -> list[str]:
    """The checks that its evidence requirements are bound to, and those that they once were: unbinding hides nothing."""
    bound = dict(EvidenceRequirement.objects.filter(control=control).values_list("pk", "checks"))
    label = EvidenceRequirement._meta.label_lower
    former = Entry.objects.filter(target_type=label, target_id__in=list(bound), before__has_key="checks")
    lists: list[Any] = [*bound.values(), *former.values_list("before__checks", flat=True)]
    return sorted({check for checks in lists for check in checks or ()})


def _moment(day: date) -> datetime:
    """When a day begins where the organisation is."""
    return datetime.combine(day, time(), ZoneInfo(here().timezone))
