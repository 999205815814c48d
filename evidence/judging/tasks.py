"""Judging as jobs."""

from __future__ import annotations

from celery import shared_task
from django.core.exceptions import ValidationError

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM
from evidence.checks import catalogue
from evidence.collectors.models import Connection
from evidence.services.freshness import refresh_requirements

from .models import CheckState, LookBack
from .services.judge import judge_connection
from .services.look_back import begin_look_back, take_step
from .services.stand import refresh_standings


@shared_task(base=TenantTask, name="evidence.judging.tasks.judge")
def judge(organization_id: str, connection_id: str, kinds: list[str] | None = None) -> None:
    """Judge a connection's newest facts, then what follows from them; after a look at some kinds, the checks that read
    these. A connection deleted or retired meanwhile is left alone."""
    connection = Connection.objects.filter(pk=connection_id, retired_at__isnull=True).first()
    if connection is not None:
        refresh_requirements(actor=SYSTEM)
        spoken = set(CheckState.objects.filter(connection=connection).values_list("check_id", flat=True))
        outcomes = judge_connection(connection, kinds)
        refresh_standings()
        _look_back_for_new_checks(organization_id, connection, [id for id in outcomes if id not in spoken])


def _look_back_for_new_checks(organization_id: str, connection: Connection, ids: list[str]) -> None:
    """A check that speaks for the first time judges the observation period so far too."""
    if not ids:
        return
    try:
        begun = begin_look_back(actor=SYSTEM, connection=connection, check_ids=ids)
    except ValidationError:
        return  # no observation period is under way
    for each in begun:
        look_back.delay(organization_id, str(each.pk))


@shared_task(base=TenantTask, name="evidence.judging.tasks.judge_check")
def judge_check(organization_id: str, check_id: str) -> None:
    """Judge the connections of one check again: it, or what it is held to, has changed."""
    check = catalogue.get(check_id)
    if check is not None:
        for connection in Connection.objects.filter(vendor=check.vendor, retired_at__isnull=True):
            judge.delay(organization_id, str(connection.pk))
    else:
        refresh_standings()


@shared_task(base=TenantTask, name="evidence.judging.tasks.look_back")
def look_back(organization_id: str, look_back_id: str) -> None:
    """Take one step of a look-back and ask for the next. Each step is a transaction of its own."""
    found = LookBack.objects.filter(pk=look_back_id).first()
    if found is not None and not take_step(found):
        look_back.delay(organization_id, look_back_id)


@shared_task(name="evidence.judging.tasks.sweep_look_backs")
def sweep_look_backs() -> None:
    """Every hour: go on with look-backs whose message was lost."""

    def visit(room: object) -> list[tuple[str, str]]:
        unfinished = LookBack.objects.filter(finished_at__isnull=True)
        return [(str(organization), str(pk)) for organization, pk in unfinished.values_list("organization_id", "pk")]

    for found in for_each_organization(visit):
        for organization_id, look_back_id in found:
            look_back.delay(organization_id, look_back_id)


@shared_task(base=TenantTask, name="evidence.judging.tasks.stand")
def stand(organization_id: str) -> None:
    """Rewrite the standings of one organisation."""
    refresh_standings()
