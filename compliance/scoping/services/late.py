"""Check lists follow the register: one for each system that entered scope within the period of a programme under way."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from compliance.programmes.models import Programme, ProgrammeService
from compliance.programmes.selectors import open_programmes
from compliance.registers.models import Decision, Kind, System, SystemService
from compliance.registers.scope_days import scope_spans
from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record

from ..models import CheckList

#: What is no system: third parties have reviews of their own, the others are where systems and people are.
_NO_SYSTEM = (Kind.THIRD_PARTY, Kind.LOCATION, Kind.TEAM, Kind.ENVIRONMENT)


@transaction.atomic
def open_check_lists() -> int:
    """Open, keep, close and reopen check lists as the register says. Idempotent; returns how many were opened."""
    wanted = _wanted()
    known = {(each.system_id, each.programme_id): each for each in CheckList.objects.select_related("system")}
    made = [
        CheckList(system_id=system, programme_id=programme, starts_on=day)
        for (system, programme), day in wanted.items() if (system, programme) not in known
    ]  # fmt: skip
    CheckList.objects.bulk_create(made)
    for each in CheckList.objects.select_related("system", "programme").filter(pk__in=[one.pk for one in made]):
        record(
            actor=SYSTEM, action="scoping.check_list.opened", target=each,
            after={"programme": each.programme.name, "starts_on": each.starts_on},
        )  # fmt: skip
    for key, each in known.items():
        _keep(each, wanted.get(key))
    return len(made)


def _wanted() -> dict[tuple[UUID, UUID], date]:
    """The first day in scope of each system that was not in from the first day of a period."""
    systems = list(System.objects.filter(decision=Decision.IN).exclude(kind__in=_NO_SYSTEM).order_by("id"))
    serves: dict[UUID, set[UUID]] = {each.pk: set() for each in systems}
    for system, service in SystemService.objects.order_by().values_list("system_id", "service_id"):
        if system in serves:
            serves[system].add(service)
    found: dict[tuple[UUID, UUID], date] = {}
    for programme in open_programmes():
        if programme.period_start is None or programme.period_end is None:
            continue
        covered = _covered(programme)
        within = [each for each in systems if not covered or not serves[each.pk] or covered & serves[each.pk]]
        for system, spans in scope_spans(within, programme.period_start, programme.period_end).items():
            if spans and spans[0].first > programme.period_start:
                found[system, programme.pk] = spans[0].first
    return found


def _covered(programme: Programme) -> set[UUID]:
    return set(ProgrammeService.objects.filter(programme=programme).order_by().values_list("service_id", flat=True))


def _keep(listed: CheckList, starts_on: date | None) -> None:
    """A day that changed is corrected; what is no late system any more is closed, and opens again when it is."""
    before = (listed.starts_on, listed.closed_at)
    if starts_on is None:
        listed.closed_at = listed.closed_at or now()
    else:
        listed.starts_on, listed.closed_at = starts_on, None
    if (listed.starts_on, listed.closed_at) == before:
        return
    listed.save(update_fields=["starts_on", "closed_at"])
    verb = "closed" if starts_on is None else "reopened" if before[1] else "redated"
    record(actor=SYSTEM, action=f"scoping.check_list.{verb}", target=listed, after={"starts_on": listed.starts_on})
