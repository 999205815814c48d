"""The result of a campaign as evidence: a workbook for people and a canonical record for machines."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.workbook import MEDIA_TYPE
from evidence.models import Artefact, Source, Version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version

from ..book import write_book
from ..models import Campaign
from ..record import record_of


def write_result(*, actor: Actor, campaign: Campaign, provided_by: Membership | None = None) -> None:
    """Keep what was decided as evidence of the requirement, as the next version where there is one already.

    It speaks of the time from the period's first day to the day on which the review was completed: evidence is dated by
    performance, so a late one is late. Another person has to approve it.
    """
    told = record_of(campaign)
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    for_machines = _receive(
        actor, campaign, campaign.record, f"{campaign.ref} {campaign.name}: record", canonical, f"{campaign.ref}.json",
        "application/json", provided_by, {},
    )  # fmt: skip
    with write_book(told) as book:
        campaign.book = _receive(
            actor, campaign, campaign.book, f"{campaign.ref} {campaign.name}", book.read(), f"{campaign.ref}.xlsx", MEDIA_TYPE,
            provided_by, {"record_sha256": for_machines.sha256},
        )  # fmt: skip
    campaign.record = for_machines
    campaign.save(update_fields=["book", "record"])
    record(
        actor=actor, action="access_reviews.campaign.evidenced", target=campaign,
        after={"evidence": campaign.book.artefact.ref, "version": campaign.book.number, "sha256": campaign.book.sha256},
    )  # fmt: skip


def _receive(
    actor: Actor, campaign: Campaign, earlier: Version | None, title: str, content: bytes, filename: str, media_type: str,
    provided_by: Membership | None, more: dict[str, Any],
) -> Version:  # fmt: skip
    artefact = earlier.artefact if earlier else _artefact(actor, campaign, title)
    starts = datetime.combine(campaign.covers_from, time(), ZoneInfo(here().timezone))
    ends = campaign.settled_at or now()
    return receive_version(
        actor=actor, artefact=artefact, content=content, filename=filename, media_type=media_type,
        effective_start=min(starts, ends), effective_end=ends, provided_by=provided_by,
        provenance={
            "filename": filename, "provided_by": actor.label, "note": f"The access review {campaign.ref}, as it was decided.",
            "rows": campaign.accounts.count(), **more,
        },
    )  # fmt: skip


def _artefact(actor: Actor, campaign: Campaign, title: str) -> Artefact:
    made = add_artefact(actor=actor, title=title, source=Source.PERSON.value)
    link_artefact(actor=actor, artefact=made, requirement=campaign.requirement)
    return made
