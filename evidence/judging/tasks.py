"""Judging as jobs."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection
from evidence.services.freshness import refresh_requirements

from .services.judge import judge_connection
from .services.stand import refresh_standings


@shared_task(base=TenantTask, name="evidence.judging.tasks.judge")
def judge(organization_id: str, connection_id: str) -> None:
    """Judge a connection's newest facts, then what follows from them. A connection deleted meanwhile is left alone."""
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is not None:
        refresh_requirements(actor=SYSTEM)
        judge_connection(connection)
        refresh_standings()


@shared_task(base=TenantTask, name="evidence.judging.tasks.stand")
def stand(organization_id: str) -> None:
    """Rewrite the standings of one organisation."""
    refresh_standings()
