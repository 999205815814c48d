"""The sweep that keeps freshness true when nothing happens but time."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.trail.actors import SYSTEM

from .judging.services.stand import refresh_standings
from .services.freshness import refresh_requirements, requirements_that_may_turn


@shared_task(name="evidence.tasks.sweep_freshness")
def sweep_freshness() -> None:
    """Every quarter of an hour: judge again what time alone may have turned."""

    def visit(room: object) -> None:
        if refresh_requirements(actor=SYSTEM, requirement_ids=requirements_that_may_turn()):
            refresh_standings()

    for_each_organization(visit)
