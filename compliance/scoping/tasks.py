"""Reconciling as a job."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask

from . import services


def waiting_key(organization_id: str) -> str:
    """What stands in the cache while a reconcile of a room has been asked for and has not begun."""
    return f"scope-warnings-wait:{organization_id}"


@shared_task(base=TenantTask, name="compliance.scoping.tasks.reconcile")
def reconcile(organization_id: str) -> None:
    """Bring one organisation's scope warnings up to its facts. What is told from here on asks for another."""
    cache.delete(waiting_key(organization_id))
    services.reconcile()


@shared_task(name="compliance.scoping.tasks.sweep_warnings")
def sweep_warnings() -> None:
    """The same for every organisation: for a message that was lost, and for a day that came."""
    for_each_organization(lambda room: services.reconcile())
