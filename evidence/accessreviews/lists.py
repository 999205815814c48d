"""What a check of a list may pass by: that somebody completed a review of it, and keeps what is on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from compliance.tenancy.rooms import here
from evidence.collectors.models import Connection
from evidence.judging.lists import Reviewed
from evidence.judging.selectors_of_past import end_of

from .models import Account, AccountList, Campaign, CampaignState, RemovalState, Verdict


def reviewed(connection: Connection, check_id: str, resources: Sequence[str], at: datetime) -> Mapping[str, Reviewed]:
    """Of these resources of a check those that a completed review kept, as of a moment; the newest review that saw one counts.

    A resource that stands for several accounts is kept where each of them was kept, or changed and seen to be changed. What
    was to be removed and is still there counts for nothing.
    """
    day = at.astimezone(ZoneInfo(here().timezone)).date()
    lists = AccountList.objects.filter(
        connection=connection, campaign__state=CampaignState.COMPLETED, campaign__settled_at__lte=at, campaign__valid_until__gte=day
    ).select_related("campaign")
    by_list = {each.pk: each for each in lists.order_by("-campaign__settled_at", "-id")}
    settled = _settled(by_list, check_id)
    wanted, found = set(resources), {}
    for pk, each in by_list.items():
        for resource, kept in settled[pk].items():
            if resource in wanted and resource not in found:
                found[resource] = _said(each) if kept else None
    return {resource: said for resource, said in found.items() if said is not None}


def _settled(by_list: Mapping[Any, AccountList], check_id: str) -> dict[Any, dict[str, bool]]:
    """By list, the resources of a check that it saw, and whether everything that stands for one is kept. Two queries."""
    found: dict[Any, dict[str, bool]] = defaultdict(dict)
    for pk, each in by_list.items():
        if check_id in each.stands_for:
            found[pk][str(each.stands_for[check_id])] = True
    whole = {pk for pk, seen in found.items() if seen}
    rows = Account.objects.filter(account_list__in=list(by_list)).order_by()
    for account_list_id, stands_for, verdict, removal in rows.values_list(
        "account_list_id", "stands_for", "verdict", "removal__state"
    ):
        kept = _is_kept(verdict, removal)
        named = [stands_for[check_id]] if check_id in stands_for else []
        named += [by_list[account_list_id].stands_for[check_id]] if account_list_id in whole else []
        for resource in map(str, named):
            found[account_list_id][resource] = found[account_list_id].get(resource, True) and kept
    return found


def _is_kept(verdict: str, removal: str | None) -> bool:
    """Kept as it is, or what had to go has gone."""
    return verdict == Verdict.KEEP or removal == RemovalState.GONE


def _said(each: AccountList) -> Reviewed:
    """It counts from its completion to the end of the last day on which it is valid."""
    campaign: Campaign = each.campaign
    assert campaign.settled_at is not None
    until = end_of(campaign.valid_until, ZoneInfo(here().timezone))
    return Reviewed(each.signed_by, campaign.settled_at, until, f"{campaign.ref} {campaign.name}")
