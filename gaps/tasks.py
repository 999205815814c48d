"""Reconciling as a job."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask

from .services import reconcile as services


@shared_task(base=TenantTask, name="gaps.tasks.reconcile")
def reconcile(organization_id: str) -> None:
    """Bring one organisation's register up to its facts."""
    services.reconcile()


@shared_task(name="gaps.tasks.sweep_gaps")
def sweep_gaps() -> None:
    """The same for every organisation, in case a message was lost."""
    for_each_organization(lambda room: services.reconcile())
