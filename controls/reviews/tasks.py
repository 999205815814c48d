"""Keeping reviews as a job."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import GatheredTask
from compliance.trail.actors import SYSTEM

from .services.keep import keep_reviews


@shared_task(base=GatheredTask, name="controls.reviews.tasks.keep")
def keep(organization_id: str) -> None:
    """Bring one organisation's reviews up to today."""
    keep_reviews(actor=SYSTEM)


@shared_task(name="controls.reviews.tasks.sweep_reviews")
def sweep_reviews() -> None:
    """The same for every organisation, each in its own time zone."""
    for_each_organization(lambda room: keep_reviews(actor=SYSTEM))
