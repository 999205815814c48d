"""Keeping freshness true: by event when evidence comes, by the sweep when time passes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import cadence
from ..events import freshness_changed
from ..models import Acceptance, EvidenceRequirement, Freshness

_FIELDS = ["freshness", "effective_end", "stale_at", "judged_at"]


@transaction.atomic
def refresh_requirements(*, actor: Actor, requirement_ids: Collection[UUID] | None = None) -> int:
    """Judge the freshness of the given requirements, or of all; returns how many changed.

    A returned version fills nothing. What changed is written to the trail once, with counts.
    """
    wanted = EvidenceRequirement.objects.all() if requirement_ids is None else EvidenceRequirement.objects.filter(pk__in=requirement_ids)
    usable = ~Q(links__artefact__acceptance=Acceptance.RETURNED)
    wanted = wanted.annotate(newest=Max("links__artefact__latest_effective_end", filter=usable)).order_by()
    moment, zone = now(), ZoneInfo(here().timezone)
    touched, turned = [], []
    for requirement in wanted.iterator(chunk_size=2000):
        before = (requirement.freshness, requirement.effective_end, requirement.stale_at)
        _judge(requirement, moment, zone)
        if before != (requirement.freshness, requirement.effective_end, requirement.stale_at):
            touched.append(requirement)
            if before[0] != requirement.freshness:
                turned.append((requirement, before[0]))
    update_rows(touched, _FIELDS)
    for requirement, was in turned:
        if requirement.freshness in {Freshness.STALE, Freshness.MISSING}:
            record(
                actor=actor, action=f"evidence.requirement.went_{requirement.freshness}", target=requirement,
                before={"freshness": was}, after={"freshness": requirement.freshness},
            )
    if turned:
        announce(freshness_changed)
    return len(turned)


def _judge(requirement: EvidenceRequirement, moment: datetime, zone: ZoneInfo) -> None:
    kind = cadence.parse(requirement.cadence)
    newest: datetime | None = requirement.newest  # type: ignore[attr-defined]
    due = datetime.combine(requirement.first_due, time.max, zone) if requirement.first_due else None
    requirement.freshness = cadence.freshness(moment, cadence=kind, effective_end=newest, first_due=due, zone=zone).value
    requirement.effective_end = newest
    requirement.stale_at = cadence.expiry(newest, kind, zone) if newest else due
    requirement.judged_at = moment
