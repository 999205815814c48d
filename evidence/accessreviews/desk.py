"""What of access reviews waits for a member: accounts to decide on, lists to sign, reviews to prepare, removals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.words import day as in_words

from .models import STANDING, Account, AccountList, Campaign, CampaignState, Removal
from .offers import Offer, offers
from .selectors import OVERDUE as OVERDUE_STATE

#: Harm, 0 to 100: an interval that goes by without its review is lost; a removal that stays is access that should not be.
OVERDUE, REMOVAL, OFFERED, DECIDE, SIGN = 72, 66, 55, 46, 44


def work_for(membership: Membership) -> Iterator[WorkItem]:
    """What this member decides and signs; for who manages reviews also what is to be prepared, begun and completed, and
    every removal that is over its day."""
    on = today(here().timezone)
    yield from _to_decide(membership, on)
    yield from _to_sign(membership, on)
    yield from _removals(membership, on)
    if membership.may(Permission.ACCESS_REVIEW_MANAGE):
        yield from _to_manage(on)
        yield from (_offered(each) for each in offers())


def news_for(membership: Membership) -> Iterator[DigestLine]:
    """A line for accounts to decide on, one for removals over their day, one for reviews to prepare."""
    on = today(here().timezone)
    for campaign, waiting in _waiting(membership):
        said = f"{_accounts(waiting)} of {campaign.name} for your decision, due {in_words(campaign.due_on)}."
        yield DigestLine(
            key=f"access_reviews:decide:{campaign.ref}", kind="access_review", text=said, url=_mine(campaign), due=campaign.due_on,
            urgent=campaign.due_on <= on + timedelta(days=3),
        )  # fmt: skip
    late = [each for each in _standing(membership, on) if each.due_on < on]
    if late:
        noun = "removal is" if len(late) == 1 else "removals are"
        url = f"{reverse('access_reviews:removals', args=[here().slug])}?state={OVERDUE_STATE}"
        yield DigestLine(
            key="access_reviews:removals", kind="access_review", text=f"{len(late)} {noun} over their day, and still there.",
            url=url, due=late[0].due_on, urgent=True,
        )  # fmt: skip
    if membership.may(Permission.ACCESS_REVIEW_MANAGE):
        for offer in offers():
            item = _offered(offer)
            yield DigestLine(
                key=f"access_reviews:offer:{offer.requirement.ref}", kind="access_review", text=f"{item.title}.", url=item.url,
                due=item.due, urgent=offer.late,
            )  # fmt: skip


def _waiting(membership: Membership) -> list[tuple[Campaign, int]]:
    """Campaigns under way with accounts that wait for this member, and how many."""
    if not membership.may(Permission.ACCESS_REVIEW_DECIDE_OWN):
        return []
    mine = Account.objects.filter(assignee=membership, verdict="", campaign__state=CampaignState.OPEN)
    counted = dict(mine.order_by().values_list("campaign_id").annotate(number=Count("id")))
    found = Campaign.objects.filter(pk__in=list(counted)).order_by("due_on", "id")
    return [(each, counted[each.pk]) for each in found]


def _to_decide(membership: Membership, on: date) -> Iterator[WorkItem]:
    for campaign, waiting in _waiting(membership):
        yield WorkItem(
            key=f"access-review:{campaign.ref}:{membership.pk}", kind="access review", ref=campaign.ref,
            title=f"{_accounts(waiting)} for your decision: {campaign.name}", due=campaign.due_on, url=_mine(campaign),
            why="A quarter without its review is a deviation that nothing makes good.",
            harm=OVERDUE if campaign.due_on < on else DECIDE, state="overdue" if campaign.due_on < on else "due",
        )  # fmt: skip


def _to_sign(membership: Membership, on: date) -> Iterator[WorkItem]:
    found = AccountList.objects.filter(reviewer=membership, campaign__state=CampaignState.OPEN, signed_at__isnull=True)
    done = found.annotate(waiting=Count("accounts", filter=Q(accounts__verdict=""))).filter(waiting=0)
    for each in done.select_related("campaign", "system").order_by("campaign__due_on", "id"):
        campaign = each.campaign
        yield WorkItem(
            key=f"access-review-list:{each.pk}", kind="access review", ref=campaign.ref, title=f"Sign the list of {each.system.name}",
            why="Everything on it is decided; until you sign, the review cannot be completed.", due=campaign.due_on,
            url=reverse("access_reviews:list_of", args=[here().slug, each.pk]),
            harm=OVERDUE if campaign.due_on < on else SIGN, state="overdue" if campaign.due_on < on else "due",
        )  # fmt: skip


def _standing(membership: Membership, on: date) -> list[Removal]:
    """Removals that are this member's to see to: of systems that they own or reviewed, and for who manages reviews those
    that are over their day."""
    mine = Q(account_list__system__owner=membership) | Q(account_list__system__owner__isnull=True, account__assignee=membership)
    if membership.may(Permission.ACCESS_REVIEW_MANAGE):
        mine |= Q(due_on__lt=on)
    found = Removal.objects.filter(mine, state__in=STANDING).exclude(campaign__state=CampaignState.PREPARING)
    return list(found.select_related("account", "campaign", "account_list__system").order_by("due_on", "id")[:50])


def _removals(membership: Membership, on: date) -> Iterator[WorkItem]:
    for each in _standing(membership, on):
        what = f"Take {', '.join(each.take)} from {each.account.name}" if each.take else f"Remove {each.account.name}"
        yield WorkItem(
            key=f"access-removal:{each.pk}", kind="access removal", ref=each.campaign.ref,
            title=f"{what} in {each.account_list.system.name}",
            why="It is closed by itself once a later list no longer shows it; ticking nothing off does that.", due=each.due_on,
            url=reverse("access_reviews:account", args=[here().slug, each.account_id]),
            harm=REMOVAL if each.due_on < on else DECIDE, state="overdue" if each.due_on < on else "open",
        )  # fmt: skip


def _to_manage(on: date) -> Iterator[WorkItem]:
    """What was prepared and not begun, and what is signed and not completed."""
    waiting = (CampaignState.PREPARING, CampaignState.OPEN)
    found = Campaign.objects.filter(state__in=waiting).annotate(
        all_lists=Count("lists"), signed=Count("lists", filter=Q(lists__signed_at__isnull=False))
    )
    for each in found.filter(Q(state=CampaignState.PREPARING) | Q(all_lists=F("signed")) | Q(due_on__lt=on)).order_by("due_on", "id"):
        title = (
            f"Begin {each.name}" if each.state == CampaignState.PREPARING
            else f"Complete {each.name}" if each.all_lists == each.signed else f"Not completed in time: {each.name}"
        )  # fmt: skip
        yield WorkItem(
            key=f"access-review:{each.ref}", kind="access review", ref=each.ref, title=title, due=each.due_on,
            why=f"Of {each.all_lists} lists {each.signed} are signed. After its day it is completed late, and stays so.",
            url=reverse("access_reviews:campaign", args=[here().slug, each.pk]), harm=OVERDUE if each.due_on < on else SIGN,
            state="overdue" if each.due_on < on else "due",
        )  # fmt: skip


def _offered(offer: Offer) -> WorkItem:
    first, last = offer.block.first, offer.block.last
    requirement = offer.requirement
    query = f"requirement={requirement.pk}&from={first}&to={last}&due={offer.due_on}"
    late = "Its days are over. " if offer.late else ""
    return WorkItem(
        key=f"access-review-offer:{requirement.ref}:{first}", kind="access review", ref=requirement.ref,
        title=f"Prepare the access review of {in_words(first)} to {in_words(last)} ({requirement.control.ref})",
        why=f"{late}After {in_words(offer.due_on)} the interval is missed for good.", due=offer.due_on,
        url=f"{reverse('access_reviews:prepare', args=[here().slug])}?{query}", harm=OVERDUE if offer.late else OFFERED,
        state="overdue" if offer.late else "due",
    )  # fmt: skip


def _accounts(number: int) -> str:
    return f"{number} {'account waits' if number == 1 else 'accounts wait'}"


def _mine(campaign: Campaign) -> str:
    return f"{reverse('access_reviews:accounts', args=[here().slug, campaign.pk])}?whose=mine&decided=undecided"
