"""Completing a campaign: every list is signed, and what was decided becomes evidence."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import campaign_completed
from ..models import Campaign, CampaignState
from .result import write_result
from .writing import locked, refuse_unopened


@transaction.atomic
def complete_campaign(*, actor: Actor, member: Membership | None, campaign: Campaign) -> Campaign:
    """Complete a review: dated today, and late where that is after its day. Removals stay open until they are seen to be gone.

    Raises SettledError where it is not under way, ValidationError where a list is not signed.
    """
    campaign = locked(campaign)
    refuse_unopened(campaign)
    unsigned = list(campaign.lists.filter(signed_at__isnull=True).values_list("system__name", flat=True))
    if unsigned:
        raise ValidationError(f"Not signed by their reviewers yet: {', '.join(unsigned[:10])}.")
    campaign.state, campaign.settled_at, campaign.settled_by = CampaignState.COMPLETED, now(), actor.label[:254]
    campaign.late = today(here().timezone) > campaign.due_on
    campaign.save(update_fields=["state", "settled_at", "settled_by", "late"])
    write_result(actor=actor, campaign=campaign, provided_by=member)
    record(
        actor=actor, action="access_reviews.campaign.completed", target=campaign, before={"state": "open"},
        after={"state": campaign.state, "late": campaign.late, "evidence": campaign.book.artefact.ref if campaign.book else ""},
    )  # fmt: skip
    announce(campaign_completed, campaign_id=campaign.pk)
    return campaign
