"""Keeping freshness true: by event when evidence comes, by the sweep when time passes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.contributors import Contributors
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import cadence
from ..events import freshness_changed
from ..models import Acceptance, EvidenceLink, EvidenceRequirement, Freshness, is_list

#: Says by id which connections are out of use for good: whoever holds connections registers it, a room above this one.
ended_sources: Contributors[Callable[[], Iterable[str]]] = Contributors()
_FIELDS = ["freshness", "effective_end", "stale_at", "judged_at"]


@transaction.atomic
def refresh_requirements(*, actor: Actor, requirement_ids: Collection[UUID] | None = None) -> int:
    """Judge the freshness of the given requirements, or of all; returns how many changed.

    A returned version fills nothing. What changed is written to the trail once, with counts.
    """
    wanted = EvidenceRequirement.objects.all() if requirement_ids is None else EvidenceRequirement.objects.filter(pk__in=requirement_ids)
    moment, zone = now(), ZoneInfo(here().timezone)
    reaches = reaches_of(requirement_ids)
    touched, turned = [], []
    for requirement in wanted.order_by().iterator(chunk_size=2000):
        before = (requirement.freshness, requirement.effective_end, requirement.stale_at)
        _judge(requirement, reach_of(requirement.fact_kinds, reaches.get(requirement.pk, ())), moment, zone)
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


@dataclass(frozen=True)
class Reach:
    """Up to when what an artefact shows is known; None where it was returned. `kind`: of a list that a connection brings, its
    fact kind. `ended`: its connection was retired."""

    end: datetime | None
    kind: str = ""
    ended: bool = False


def reaches_of(requirement_ids: Collection[UUID] | None) -> dict[UUID, list[Reach]]:
    """What the artefacts of requirements reach to. Two queries."""
    links = EvidenceLink.objects.order_by()
    if requirement_ids is not None:
        links = links.filter(requirement__in=requirement_ids)
    gone = {each for reader in ended_sources for each in reader()}
    found: dict[UUID, list[Reach]] = defaultdict(list)
    fields = ("requirement_id", "artefact__collected_key", "artefact__latest_effective_end", "artefact__acceptance")
    for requirement, key, end, acceptance in links.values_list(*fields).iterator(chunk_size=5000):
        source, _, kind = key.partition(":") if is_list(key) else ("", "", "")
        found[requirement].append(Reach(None if acceptance == Acceptance.RETURNED else end, kind, source in gone))
    return found


def reach_of(fact_kinds: Collection[str], reaches: Collection[Reach]) -> datetime | None:
    """Up to when a requirement is shown: of the lists that it needs the one that reaches least far, since none stands in for
    another; what people bring stands for all of them. Where none that it needs is collected any more, those of retired
    connections count, and those that somebody linked by hand."""
    needed = [each.end for each in reaches if each.kind in fact_kinds and not each.ended]
    others = [each.end for each in reaches if not each.kind or not needed]
    together = None if None in needed else min((end for end in needed if end), default=None)
    return max((end for end in [*others, together] if end), default=None)


def _judge(requirement: EvidenceRequirement, newest: datetime | None, moment: datetime, zone: ZoneInfo) -> None:
    kind = cadence.parse(requirement.cadence)
    due = datetime.combine(requirement.first_due, time.max, zone) if requirement.first_due else None
    requirement.freshness = cadence.freshness(moment, cadence=kind, effective_end=newest, first_due=due, zone=zone).value
    requirement.effective_end = newest
    requirement.stale_at = cadence.expiry(newest, kind, zone) if newest else due
    requirement.judged_at = moment
