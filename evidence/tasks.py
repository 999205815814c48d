"""The sweep that keeps freshness true when nothing happens but time, and what follows from news of controls."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM
from controls.models import Control

from .judging.selectors import unjudged_connections
from .judging.selectors_of_exceptions import turned_connections
from .judging.services.judge import judge_connection
from .judging.services.stand import refresh_standings
from .services.freshness import refresh_requirements
from .services.hand_over import hand_over_requirements


@shared_task(name="evidence.tasks.sweep_freshness")
def sweep_freshness() -> None:
    """Every quarter of an hour: turn what time has turned, judge the runs whose message was lost, and
    where an exception has begun or ended."""

    def visit(room: object) -> None:
        turned = refresh_requirements(actor=SYSTEM)
        unjudged = {each.pk: each for each in (*unjudged_connections(), *turned_connections())}
        for connection in unjudged.values():
            judge_connection(connection)
        if turned or unjudged:
            refresh_standings()

    for_each_organization(visit)


@shared_task(base=TenantTask, name="evidence.tasks.hand_over")
def hand_over(organization_id: str, control_id: str, former_owner_id: str) -> None:
    """A control changed hands: so does what its former owner had to show for it."""
    control = Control.objects.select_related("owner").filter(pk=control_id).first()
    if control is not None:
        hand_over_requirements(actor=SYSTEM, control=control, former_owner_id=UUID(former_owner_id))
