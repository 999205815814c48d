"""The sweep that keeps freshness true when nothing happens but time, and what follows from news of controls."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import for_each_organization, here
from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM
from controls.models import Control

from .coverage.services import is_of_another_day
from .judging.selectors import unjudged_connections
from .judging.selectors_of_exceptions import turned_connections
from .judging.services.judge import judge_connection
from .judging.services.lapse import let_lapse
from .judging.services.stand import refresh_standings
from .services.freshness import refresh_requirements
from .services.hand_over import hand_over_requirements
from .services.verify import verify_log


@shared_task(name="evidence.tasks.sweep_freshness")
def sweep_freshness() -> None:
    """Every quarter of an hour: turn what time has turned, judge the runs whose message was lost, and
    where an exception has begun or ended, and let lapse what paused connections found too long ago."""

    def visit(room: object) -> None:
        turned = refresh_requirements(actor=SYSTEM)
        unjudged = {each.pk: each for each in (*unjudged_connections(), *turned_connections())}
        for connection in unjudged.values():
            judge_connection(connection)
        lapsed = let_lapse()
        if turned or unjudged or lapsed or is_of_another_day(today(here().timezone)):
            refresh_standings()

    for_each_organization(visit)


@shared_task(name="evidence.tasks.sweep_log")
def sweep_log() -> None:
    """Every night: look each log over, with the evidence that it speaks of. What is found stands on the log's page."""
    for_each_organization(lambda room: verify_log(actor=SYSTEM))


@shared_task(base=TenantTask, name="evidence.tasks.hand_over")
def hand_over(organization_id: str, control_id: str, former_owner_id: str) -> None:
    """A control changed hands: so does what its former owner had to show for it."""
    control = Control.objects.select_related("owner").filter(pk=control_id).first()
    if control is not None:
        hand_over_requirements(actor=SYSTEM, control=control, former_owner_id=UUID(former_owner_id))
