"""Reconciling as a job."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import GatheredTask

from . import services


@shared_task(base=GatheredTask, name="compliance.scoping.tasks.reconcile")
def reconcile(organization_id: str) -> None:
    """Bring one organisation's scope warnings up to its facts."""
    services.reconcile()


@shared_task(name="compliance.scoping.tasks.sweep_warnings")
def sweep_warnings() -> None:
    """The same for every organisation: for a message that was lost, and for a day that came."""
    for_each_organization(lambda room: services.reconcile())
