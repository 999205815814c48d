"""What time ends for tokens."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization

from .idempotency import forget_answers


@shared_task(name="compliance.people.tasks.sweep_answers")
def sweep_answers() -> None:
    """Every night: forget answers to writes that can no longer be asked for. A token that calls deletes its own."""
    for_each_organization(lambda room: forget_answers())
