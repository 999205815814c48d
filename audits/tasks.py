"""The daily digest and the daily totals of the portal, as jobs. Each sweep may run twice, late or not at all."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from compliance.people.services import follow_addresses
from compliance.tenancy.clock import today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import Room, for_each_organization, scope

from .services.digests import is_time, members_without_digest, send_digest
from .services.openings import count_downloads

log = logging.getLogger(__name__)


@shared_task(name="audits.tasks.sweep_digests")
def sweep_digests() -> None:
    """Every hour: wake the digests of the organisations whose morning it is."""
    for organization_id in filter(None, for_each_organization(_morning)):
        send_digests.delay(organization_id)


@shared_task(name="audits.tasks.send_digests")
def send_digests(organization_id: str) -> int:
    """Send one organisation's digests, each member in a transaction of their own; returns how many went out.

    A failure keeps nobody else from their mail; the next sweep takes it up again.
    """
    try:
        with scope(UUID(organization_id)):
            follow_addresses()
            waiting = members_without_digest() if is_time() else []
    except Organization.DoesNotExist:
        return 0
    return sum(_send(organization_id, membership_id) for membership_id in waiting)


@shared_task(name="audits.tasks.sweep_portal_totals")
def sweep_portal_totals() -> None:
    """Every hour: write yesterday's download totals of the portal into the trail, once."""
    for_each_organization(lambda room: count_downloads(today(room.timezone) - timedelta(days=1)))


def _morning(room: Room) -> str:
    return str(room.organization_id) if is_time() else ""


def _send(organization_id: str, membership_id: UUID) -> bool:
    try:
        with scope(UUID(organization_id)):
            return send_digest(membership_id=membership_id)
    except Exception:
        log.exception("The digest of membership %s was not sent.", membership_id)
        return False
