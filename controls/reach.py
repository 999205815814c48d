"""Where a control applies: the services and systems that it names, which programmes that makes it count in, and the days
on which it can have operated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance.programmes.models import Programme, ProgrammeService
from compliance.registers.models import Service, System
from compliance.registers.scope_days import scope_spans
from compliance.registers.spans import joined
from compliance.tenancy.rooms import here

from .models import Control, ControlService, ControlSystem, ControlVersion, Implementation

Bounds = tuple[date | None, date | None]
#: No bounds: nothing is known that would shorten its days.
ALWAYS: Bounds = (None, None)


def systems_of(control: Control) -> QuerySet[System]:
    """The systems that a control names, by reference. None of them: it is tied to no system in particular."""
    return System.objects.filter(pk__in=ControlSystem.objects.filter(control=control).values("system")).order_by("ref")


def controls_naming(systems: Iterable[System]) -> dict[UUID, tuple[str, ...]]:
    """By system, the references of the controls in use that name it; a system that none names is not in it."""
    links = ControlSystem.objects.filter(system__in=[each.pk for each in systems])
    links = links.exclude(control__implementation=Implementation.RETIRED).order_by("control__ref")
    found: dict[UUID, tuple[str, ...]] = {}
    for system, ref in links.values_list("system_id", "control__ref"):
        found[system] = (*found.get(system, ()), ref)
    return found


def services_of(control: Control) -> QuerySet[Service]:
    """The services that a control names, by reference. None of them: it applies to all."""
    return Service.objects.filter(pk__in=ControlService.objects.filter(control=control).values("service")).order_by("ref")


def applies_to(programme: Programme, control: str = "pk") -> Q:
    """Controls that count in a programme: those that name no service, or one that it covers; it covers all where it names
    none. `control` is how the rows that are filtered refer to the control, `control` for mappings.

    Asks at once, in one small query or two, which controls these are not: as three conditions of which one has to hold, the
    database looked it up row by row, for minutes on a large room.
    """
    covered = set(ProgrammeService.objects.filter(programme=programme).values_list("service_id", flat=True))
    if not covered:
        return Q()
    named: dict[UUID, set[UUID]] = defaultdict(set)
    for control_id, service_id in ControlService.objects.values_list("control_id", "service_id"):
        named[control_id].add(service_id)
    elsewhere = [control_id for control_id, services in named.items() if services.isdisjoint(covered)]
    return ~Q(**{f"{control}__in": elsewhere})


def applies_to_service(service: Service | UUID) -> Q:
    """Controls that apply to a service: those that name it, and those that name none."""
    named = ControlService.objects.filter(control=OuterRef("pk"))
    return Q(~Exists(named)) | Q(Exists(named.filter(service=service)))


class Reach:
    """Which services each control names, read once where many controls are held against many programmes."""

    def __init__(self) -> None:
        self._named: dict[UUID, set[UUID]] = defaultdict(set)
        for control_id, service_id in ControlService.objects.values_list("control_id", "service_id"):
            self._named[control_id].add(service_id)
        self._covered: dict[UUID, set[UUID]] = defaultdict(set)
        if self._named:
            for programme_id, service_id in ProgrammeService.objects.values_list("programme_id", "service_id"):
                self._covered[programme_id].add(service_id)

    def counts(self, control_id: UUID, programme: Programme) -> bool:
        """`applies_to` for one control and one programme."""
        named, covered = self._named.get(control_id), self._covered.get(programme.pk)
        return not named or not covered or not named.isdisjoint(covered)


def scope_bounds(period: tuple[date, date], controls: Collection[Control] | None = None) -> dict[UUID, Bounds | None]:
    """For each control that names systems: the first and the last day of a period on which one of them was in scope, or
    None where none was on any day. Controls that name no system are not in it. Of all controls, or of some.

    What a control stated on any day of the period counts: naming another system today takes back nothing that was expected
    before. One that named none for a while was expected throughout, so is not in it either.
    """
    return {id: _within(period, stretches) for id, stretches in scope_stretches(period, controls).items()}


def scope_stretches(
    period: tuple[date, date], controls: Collection[Control] | None = None
) -> dict[UUID, list[tuple[date, date]]]:
    """For each control that names systems: the days in a row of a period on which one of them was in scope, in order and
    apart from each other; none where none was on any day. What `scope_bounds` says of who is in it holds here too."""
    links = ControlSystem.objects.select_related("system")
    if controls is not None:
        links = links.filter(control__in=controls)
    named: dict[UUID, dict[UUID, System]] = defaultdict(dict)
    for link in links:
        named[link.control_id][link.system_id] = link.system
    if not named:
        return {}
    _add_former(period, named)
    spans = scope_spans({pk: each for systems in named.values() for pk, each in systems.items()}.values(), *period)
    return {control_id: joined(span for pk in systems for span in spans[pk]) for control_id, systems in named.items()}


def _add_former(period: tuple[date, date], named: dict[UUID, dict[UUID, System]]) -> None:
    """Add the systems that controls named on other days of the period; take out those that named none on one of them."""
    former = _named_on_days(period, named)
    for control_id, days in former.items():
        if not all(days):
            del named[control_id]
    wanted = {pk for control_id, days in former.items() if control_id in named for pk in set().union(*days)}
    known = {pk: each for systems in named.values() for pk, each in systems.items()}
    if wanted - known.keys():
        known |= System.objects.in_bulk(wanted - known.keys())
    for control_id, days in former.items():
        if control_id in named:
            named[control_id] |= {pk: known[pk] for pk in set().union(*days) if pk in known}


def _named_on_days(period: tuple[date, date], controls: Collection[UUID]) -> dict[UUID, list[set[UUID]]]:
    """By control, what its versions named that were in force at the end of a day of the period. One query."""
    zone = ZoneInfo(here().timezone)
    found: dict[UUID, dict[date, set[UUID]]] = defaultdict(dict)
    versions = ControlVersion.objects.filter(control__in=list(controls)).order_by("number")
    for control_id, since, systems in versions.values_list("control_id", "valid_from", "stated__systems"):
        day = max(since.astimezone(zone).date(), period[0])
        if day <= period[1]:
            found[control_id][day] = {UUID(each["id"]) for each in systems or []}
    return {control_id: list(days.values()) for control_id, days in found.items()}


def _within(period: tuple[date, date], stretches: list[tuple[date, date]]) -> Bounds | None:
    if not stretches:
        return None
    first, last = stretches[0][0], stretches[-1][1]
    return (first if first > period[0] else None, last if last < period[1] else None)
