"""Reading as a job, and the sweep for what nobody was told of."""

from __future__ import annotations

from celery import shared_task

from compliance.tenancy.rooms import for_each_organization
from compliance.tenancy.tasks import GatheredTask
from compliance.trail.actors import SYSTEM

from .selectors import unread_versions
from .services import read_version

#: Versions that one run looks into: the next sweep goes on.
_AT_ONCE = 50


def read_unread() -> int:
    """Look into the room's versions that were not looked into yet; how many these were."""
    found = list(unread_versions()[:_AT_ONCE])
    for version in found:
        read_version(actor=SYSTEM, version=version)
    return len(found)


@shared_task(base=GatheredTask, name="evidence.reading.tasks.read")
def read(organization_id: str) -> None:
    """What one organisation received."""
    read_unread()


@shared_task(name="evidence.reading.tasks.sweep_documents")
def sweep_documents() -> None:
    """The same for every organisation."""
    for_each_organization(lambda room: read_unread())
