"""Looking for what had to go, as a job."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask
from compliance.trail.actors import SYSTEM

from .services.look import look_again


@shared_task(base=TenantTask, name="evidence.accessreviews.tasks.look")
def look(organization_id: str, connection_id: str) -> None:
    """Hold the removals of a connection's lists against what it has just shown."""
    look_again(actor=SYSTEM, connection_id=connection_id)


@shared_task(name="evidence.accessreviews.tasks.sweep_removals")
def sweep_removals() -> None:
    """The same for every connection of every organisation, in case a message was lost."""
    for_each_organization(lambda room: look_again(actor=SYSTEM))
