"""Preparing a campaign, beginning it, and skipping it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.intervals.blocks import grace_of
from compliance.intervals.cadence import step_of
from compliance.people.models import Membership
from compliance.registers.models import Decision as Scope
from compliance.registers.models import System
from compliance.tenancy.clock import now, today
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.cadence import parse
from evidence.models import EvidenceRequirement

from ..models import Account, AccountList, Campaign, CampaignState, Origin
from .freeze import take_list
from .writing import SettledError, locked, locked_list, refuse_settled

REF = "ARV"
#: A year ahead is further than anybody plans a review; more is a slip of the pen.
_LONGEST = timedelta(days=400)


@transaction.atomic
def prepare_campaign(
    *, actor: Actor, member: Membership | None, name: str, requirement: EvidenceRequirement, covers_from: date, covers_to: date,
    due_on: date, systems: Sequence[System], reviewer: Membership, stand_in: Membership | None = None, removal_days: int = 14,
) -> Campaign:  # fmt: skip
    """A campaign with the list of each system, as far as the newest facts have it. Nothing is decided, and nothing begins.

    Each system is its owner's to review where they may, else `reviewer`'s. Raises ValidationError by field.
    """
    faults = _days_wrong(covers_from, covers_to, due_on) | _choice_wrong(systems, reviewer, stand_in)
    if not name.strip():
        faults["name"] = "Give it a name, such as “Access review, fourth quarter”."
    if not 1 <= removal_days <= 90:
        faults["removal_days"] = "Between 1 and 90 days."
    if faults:
        raise ValidationError(faults)
    campaign = Campaign.objects.create(
        ref=next_reference(REF), name=name.strip()[:200], requirement=requirement, covers_from=covers_from, covers_to=covers_to,
        due_on=due_on, valid_until=valid_until(requirement, covers_to), removal_days=removal_days, prepared_by=member,
    )  # fmt: skip
    record(
        actor=actor, action="access_reviews.campaign.prepared", target=campaign,
        after={
            "requirement": requirement.ref, "covers_from": covers_from, "covers_to": covers_to, "due_on": due_on,
            "systems": [each.ref for each in systems],
        },
    )  # fmt: skip
    for place, system in enumerate(systems):
        _begin_list(actor, campaign, system, place, reviewer, stand_in)
    return campaign


def _begin_list(
    actor: Actor, campaign: Campaign, system: System, place: int, reviewer: Membership, stand_in: Membership | None
) -> None:
    owner = system.owner
    own = owner is not None and owner.may(Permission.ACCESS_REVIEW_DECIDE_OWN) and owner.is_active
    decides = owner if own and owner is not None else reviewer
    other = next((each for each in (stand_in, reviewer) if each is not None and each.pk != decides.pk), None)
    made = AccountList.objects.create(campaign=campaign, system=system, position=place, reviewer=decides, stand_in=other)
    try:
        with transaction.atomic():
            take_list(actor=actor, account_list=made)
    except ValidationError as lack:
        AccountList.objects.filter(pk=made.pk).update(leaves_out=" ".join(lack.messages))


def valid_until(requirement: EvidenceRequirement, covers_to: date) -> date:
    """The last day on which a review of this period still counts: the next one's end with its grace; a year where no
    cadence asks for a next one."""
    cadence = parse(requirement.cadence)
    step = step_of(cadence)
    return step.after(covers_to) + timedelta(days=grace_of(cadence)) if step else covers_to + timedelta(days=365)


def _days_wrong(covers_from: date, covers_to: date, due_on: date) -> dict[str, str]:
    if covers_to < covers_from:
        return {"covers_to": "It ends before it starts."}
    if covers_to - covers_from > _LONGEST:
        return {"covers_to": "A review covers a year at most."}
    if due_on < covers_from:
        return {"due_on": "It cannot be due before the period that it covers has begun."}
    return {"due_on": "Choose a day within a year of the period's end."} if due_on - covers_to > _LONGEST else {}


def _choice_wrong(systems: Sequence[System], reviewer: Membership, stand_in: Membership | None) -> dict[str, str]:
    faults = {}
    if not systems:
        faults["systems"] = "Choose the systems whose accounts are reviewed."
    elif out := [each.ref for each in systems if each.decision == Scope.OUT]:
        faults["systems"] = f"{', '.join(out)}: decided out of scope. Only what is in scope is reviewed."
    return faults | reviewers_wrong(reviewer, stand_in)


def reviewers_wrong(reviewer: Membership, stand_in: Membership | None) -> dict[str, str]:
    """Why these two cannot review: by field."""
    for field, who in (("reviewer", reviewer), ("stand_in", stand_in)):
        if who is not None and not (who.is_active and who.may(Permission.ACCESS_REVIEW_DECIDE_OWN)):
            return {field: f"{who} may not review access: their role does not allow it, or they have left."}
    if stand_in is not None and stand_in.pk == reviewer.pk:
        return {"stand_in": "Name somebody else: nobody decides on their own access."}
    return {}


@transaction.atomic
def start_campaign(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Begin the review: lists are frozen for good, and each account waits for its reviewer.

    Raises SettledError where it has begun, ValidationError where a list or somebody to decide is missing.
    """
    campaign = locked(campaign)
    if campaign.state != CampaignState.PREPARING:
        raise SettledError(f"{campaign.ref} is {campaign.get_state_display().lower()} already.")
    lists = list(campaign.lists.select_related("system", "reviewer", "stand_in"))
    if lacks := [sentence for each in lists for sentence in lacks_of(each)] or ([] if lists else ["It has no system."]):
        raise ValidationError(lacks)
    for each in lists:
        _assign(each)
    campaign.state, campaign.started_at = CampaignState.OPEN, now()
    campaign.save(update_fields=["state", "started_at"])
    record(
        actor=actor, action="access_reviews.campaign.started", target=campaign,
        after={"lists": len(lists), "accounts": sum(each.rows for each in lists)},
    )  # fmt: skip
    return campaign


def lacks_of(account_list: AccountList) -> list[str]:
    """What a list still needs before it can be reviewed, in sentences."""
    name, lacks = account_list.system.name, []
    if account_list.origin == Origin.NONE:
        lacks.append(f"{name} has no list of accounts yet.")
    if account_list.reviewer is None:
        return [*lacks, f"{name} has nobody to review it."]
    lacks += reviewers_wrong(account_list.reviewer, account_list.stand_in).values()
    if account_list.stand_in is None and account_list.accounts.filter(subject=account_list.reviewer).exists():
        lacks.append(f"{account_list.reviewer} has an account in {name}: name another who decides on it.")
    return lacks


def _assign(account_list: AccountList) -> None:
    """Whoever reviews the list decides, and the other on that one's own accounts. What is decided stays with who decided."""
    waiting = Account.objects.filter(account_list=account_list, verdict="")
    own = waiting.filter(subject=account_list.reviewer)
    own.update(assignee=account_list.stand_in)
    waiting.exclude(subject__isnull=False, subject=account_list.reviewer).update(assignee=account_list.reviewer)


@transaction.atomic
def assign_reviewers(
    *, actor: Actor, account_list: AccountList, reviewer: Membership, stand_in: Membership | None
) -> AccountList:
    """Name who reviews a list, and who decides on that one's own accounts. What is decided already stays.

    Raises SettledError where the list is signed or the campaign over, ValidationError by field.
    """
    account_list = locked_list(account_list)
    refuse_settled(account_list.campaign)
    if account_list.signed_at is not None:
        raise SettledError("The list is signed, and stays so.")
    faults = reviewers_wrong(reviewer, stand_in)
    if stand_in is None and account_list.accounts.filter(subject=reviewer).exists():
        faults["stand_in"] = f"{reviewer} has an account on this list: name another who decides on it."
    if faults:
        raise ValidationError(faults)
    before = {"reviewer": str(account_list.reviewer or ""), "stand_in": str(account_list.stand_in or "")}
    account_list.reviewer, account_list.stand_in = reviewer, stand_in
    account_list.save(update_fields=["reviewer", "stand_in"])
    if account_list.campaign.state == CampaignState.OPEN:
        _assign(account_list)
    record(
        actor=actor, action="access_reviews.list.assigned", target=account_list, before=before,
        after={"reviewer": reviewer.name, "stand_in": stand_in.name if stand_in else ""},
    )  # fmt: skip
    return account_list


@transaction.atomic
def skip_campaign(*, actor: Actor, campaign: Campaign, reason: str) -> Campaign:
    """Say that a review will not be completed, and why. It stays skipped, and what was decided in it stays too.

    Raises SettledError where it is over, ValidationError without a reason.
    """
    campaign = locked(campaign)
    refuse_settled(campaign)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is skipped. It stays skipped, and an auditor will ask."})
    before = {"state": campaign.state}
    campaign.state, campaign.settled_at, campaign.settled_by = CampaignState.SKIPPED, now(), actor.label[:254]
    campaign.late, campaign.reason = today(here().timezone) > campaign.due_on, reason.strip()
    campaign.save(update_fields=["state", "settled_at", "settled_by", "late", "reason"])
    record(
        actor=actor, action="access_reviews.campaign.skipped", target=campaign, before=before,
        after={"state": campaign.state, "reason": campaign.reason},
    )  # fmt: skip
    return campaign
