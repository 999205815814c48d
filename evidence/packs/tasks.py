"""Making packs as jobs. Each task may run twice or late: the rows decide."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from compliance.tenancy.rooms import Room, for_each_organization

from .selectors import packs_to_wake
from .services import make_pack


@shared_task(name="evidence.packs.tasks.make")
def make(organization_id: str, pack_id: str) -> None:
    """Make one pack, unless another worker holds it. It opens its own short rooms (decisions, 16)."""
    make_pack(organization_id=UUID(organization_id), pack_id=UUID(pack_id))


@shared_task(name="evidence.packs.tasks.sweep_packs")
def sweep_packs() -> None:
    """Every minute: wake workers for what nobody holds."""

    def visit(room: Room) -> list[tuple[str, str]]:
        return [(str(room.organization_id), str(pk)) for pk in packs_to_wake()]

    for woken in for_each_organization(visit):
        for organization_id, pack_id in woken:
            make.delay(organization_id, pack_id)
