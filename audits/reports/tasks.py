"""Making reports as jobs. Each task may run twice or late: the rows decide."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from compliance.tenancy.rooms import Room, for_each_organization

from .selectors import reports_to_wake
from .services import make_report


@shared_task(name="audits.reports.tasks.make")
def make(organization_id: str, report_id: str) -> None:
    """Make one report, unless another worker holds it. It opens its own short rooms (decisions, 16)."""
    make_report(organization_id=UUID(organization_id), report_id=UUID(report_id))


@shared_task(name="audits.reports.tasks.sweep_reports")
def sweep_reports() -> None:
    """Every minute: wake workers for what nobody holds."""

    def visit(room: Room) -> list[tuple[str, str]]:
        return [(str(room.organization_id), str(pk)) for pk in reports_to_wake()]

    for woken in for_each_organization(visit):
        for organization_id, report_id in woken:
            make.delay(organization_id, report_id)
