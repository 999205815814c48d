"""The sweep of uploads that were begun and not handed in."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.trail.actors import SYSTEM

from .services import sweep_strays, sweep_uploads


@shared_task(name="evidence.uploads.tasks.sweep_uploads")
def sweep() -> None:
    """Every hour: take away what nobody handed in within two days, and parts whose request was undone."""
    for_each_organization(lambda room: (sweep_uploads(actor=SYSTEM), sweep_strays()))
