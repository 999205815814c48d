"""Waking workers. Each task may run twice or late: rows decide."""

from __future__ import annotations

import os
import socket
from uuid import UUID

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization

from .services.execute import execute_run
from .services.refuse import forget_refusals
from .services.request import request_due_runs, runs_to_wake


@shared_task(name="evidence.collectors.tasks.collect")
def collect(organization_id: str, run_id: str) -> None:
    """Collect one run, unless another worker holds it."""
    execute_run(organization_id=UUID(organization_id), run_id=UUID(run_id), worker=worker_name())


@shared_task(name="evidence.collectors.tasks.sweep_runs")
def sweep_runs() -> None:
    """Every minute: create what is due, wake workers for what nobody holds."""

    def visit(room: object) -> list[tuple[str, str]]:
        request_due_runs()
        return [(str(run.organization_id), str(run.pk)) for run in runs_to_wake()]

    for woken in for_each_organization(visit):
        for organization_id, run_id in woken:
            collect.delay(organization_id, run_id)


@shared_task(name="evidence.collectors.tasks.sweep_refusals")
def sweep_refusals() -> None:
    """Every hour: forget refused pushes but the newest of each source."""
    for_each_organization(lambda room: forget_refusals())


def worker_name() -> str:
    """Who holds a lease: host, process and a part that no second process can share."""
    return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"
