"""What will be stale before a period ends: forward in time, from what is there and how often it is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse

from compliance.intervals.cadence import parse, step_of
from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.conditions import controls_asked

from ..cadence import local_day
from ..collectors.models import SPEAKS, KindState
from ..models import EvidenceRequirement, Freshness, Source
from .facts import countable

_NOW = (Freshness.CURRENT, Freshness.DUE_SOON, Freshness.NOT_YET_DUE)


@dataclass(frozen=True)
class Ahead:
    """One requirement that will go stale: on which days, each time renewed on the day itself, and what to do about the first.

    `by_itself`: a connection that can be read brings it; it goes stale only if collections stop.
    """

    requirement: EvidenceRequirement
    days: tuple[date, ...]
    do: str
    url: str
    by_itself: bool = False

    @property
    def owner(self) -> Membership | None:
        return self.requirement.owner or self.requirement.control.owner

    @property
    def more(self) -> tuple[date, ...]:
        """The days after the first, as many as can be read."""
        return self.days[1:5]

    @property
    def beyond(self) -> int:
        return max(0, len(self.days) - 5)


def ahead_of(programme: Programme, end: date) -> list[Ahead]:
    """What of a programme will be stale by its last day unless something is done, the first day first. Three queries."""
    on, zone = today(here().timezone), ZoneInfo(here().timezone)
    asked = countable().filter(freshness__in=_NOW, stale_at__isnull=False, control__in=controls_asked(programme))
    readable = _readable()
    found = []
    for requirement in asked:
        assert requirement.stale_at is not None
        first = local_day(requirement.stale_at, zone)
        if on <= first <= end:
            found.append(_ahead(requirement, first, end, readable))
    return sorted(found, key=lambda each: (each.days[0], each.requirement.ref))


def _ahead(requirement: EvidenceRequirement, first: date, end: date, readable: dict[str, bool]) -> Ahead:
    days = tuple(_days(requirement, first, end))
    page = reverse("evidence:requirement", args=[here().slug, requirement.pk])
    if requirement.source == Source.PERSON:
        if requirement.owner is None and requirement.control.owner is None:
            control = reverse("controls:control", args=[here().slug, requirement.control_id])
            return Ahead(requirement, days, "Name an owner, then ask", control)
        return Ahead(requirement, days, "Bring it", reverse("evidence:provide", args=[here().slug, requirement.pk]))
    looks = [readable[kind] for kind in requirement.fact_kinds if kind in readable]
    if looks and all(looks):
        return Ahead(requirement, days, "Its collection renews it", page, by_itself=True)
    if looks:
        return Ahead(requirement, days, "Put the connection right", reverse("connections:list", args=[here().slug]))
    return Ahead(requirement, days, "Run a collection that brings it", reverse("connections:list", args=[here().slug]))


def _days(requirement: EvidenceRequirement, first: date, end: date) -> Iterator[date]:
    """The days on which it goes stale up to the end, where it is renewed on each of them and not before."""
    step = step_of(parse(requirement.cadence))
    number, day = 0, first
    while day <= end:
        yield day
        number += 1
        if step is None:
            return
        day = step.after(first, number)


def _readable() -> dict[str, bool]:
    """By fact kind: whether every connection that was asked for it is read. One that is paused is waited for, and is not."""
    found: dict[str, bool] = {}
    states = KindState.objects.filter(SPEAKS).values_list("fact_kind", "reason", "connection__active")
    for kind, reason, active in states:
        found[kind] = found.get(kind, True) and active and not reason
    return found


def by_owner(found: Iterable[Ahead]) -> list[tuple[Membership | None, list[Ahead]]]:
    """By who answers for it: nobody first, since nobody will bring it; then by the first day."""
    groups: dict[Membership | None, list[Ahead]] = defaultdict(list)
    for each in found:
        groups[each.owner].append(each)
    return sorted(groups.items(), key=lambda pair: (pair[0] is not None, pair[1][0].days[0], pair[0].name if pair[0] else ""))
