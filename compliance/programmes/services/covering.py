"""Which services a programme covers."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.registers.models import Service
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Programme, ProgrammeService
from ..selectors import services_covered
from .news import tell


@transaction.atomic
def cover_services(*, actor: Actor, programme: Programme, services: Collection[Service]) -> Programme:
    """Name the services that a programme covers; none of them means all. Nothing is written where nothing differs.

    Raises ValidationError for a programme that is closed.
    """
    if programme.closed_at:
        raise ValidationError("The programme is closed; what it covered stays as it was.")
    before = {service.pk: service.ref for service in services_covered(programme)}
    wanted = {service.pk: service.ref for service in services}
    if before.keys() == wanted.keys():
        return programme
    ProgrammeService.objects.filter(programme=programme, service__in=before.keys() - wanted.keys()).delete()
    ProgrammeService.objects.bulk_create(
        [ProgrammeService(programme=programme, service=each) for each in services if each.pk not in before]
    )
    record(
        actor=actor, action="programmes.services.changed", target=programme,
        before={"services": sorted(before.values()) or "all"}, after={"services": sorted(wanted.values()) or "all"},
    )  # fmt: skip
    tell(programme)
    return programme
