"""Rebuilding the figures as a job."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import TenantTask

from .figures import rebuild_figures


@shared_task(base=TenantTask, name="audits.readiness.tasks.rebuild")
def rebuild(organization_id: str) -> None:
    """The figures of one organisation."""
    rebuild_figures()


@shared_task(name="audits.readiness.tasks.sweep_figures")
def sweep_figures() -> None:
    """Of every organisation: repairs what a lost message left behind."""
    for_each_organization(lambda room: rebuild_figures())
