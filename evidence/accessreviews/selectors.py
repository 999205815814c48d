"""Reading access reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from compliance.people.models import Membership
from compliance.registers.models import Decision, Kind, System
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import STANDING, Account, AccountList, Campaign, CampaignState, Removal, RemovalState, Verdict

#: Kinds of the register that are no place to have an account in.
_NO_ACCOUNTS = (Kind.LOCATION, Kind.TEAM)
#: What the list of accounts may be narrowed to, beside who decides and what was decided.
MARKS = ("privileged", "unused", "orphan", "left", "service")
UNDECIDED = "undecided"
OVERDUE, STANDS = "overdue", "standing"


def campaigns() -> QuerySet[Campaign]:
    """Campaigns with what they serve and how far they are."""
    return Campaign.objects.select_related("requirement__control", "prepared_by").annotate(
        account_count=Count("accounts", distinct=True),
        waiting_count=Count("accounts", filter=Q(accounts__verdict=""), distinct=True),
    )


def campaigns_matching(state: str = "") -> QuerySet[Campaign]:
    """Campaigns in a state; `overdue` are those that are not settled after their day."""
    found = campaigns()
    if state == OVERDUE:
        waiting = (CampaignState.PREPARING, CampaignState.OPEN)
        return found.filter(state__in=waiting, due_on__lt=today(here().timezone))
    return found.filter(state=state) if state else found


def counts_by_state() -> dict[str, int]:
    """How many campaigns are in each state; they sum to all of them."""
    counted = dict(Campaign.objects.order_by().values_list("state").annotate(number=Count("id")))
    return {state.value: counted.get(state.value, 0) for state in CampaignState}


def counted_lists(campaign: Campaign) -> QuerySet[AccountList]:
    """The lists of a campaign with what is on each and what was decided."""
    marks = {f"{mark}_count": Count("accounts", filter=Q(**{f"accounts__{mark}": True})) for mark in MARKS}
    verdicts = {f"{verdict.value}_count": Count("accounts", filter=Q(accounts__verdict=verdict)) for verdict in Verdict}
    found = AccountList.objects.filter(campaign=campaign).select_related("system", "reviewer", "stand_in", "connection")
    return found.annotate(waiting_count=Count("accounts", filter=Q(accounts__verdict="")), **marks, **verdicts).order_by("position", "id")


def reviewers_of(campaign: Campaign) -> list[dict[str, Any]]:
    """Who decides in a campaign: how many accounts each has and how many of them wait."""
    counted = campaign.accounts.filter(assignee__isnull=False).order_by().values("assignee_id", "assignee__name")
    rows: Iterable[Any] = counted.annotate(all=Count("id"), waiting=Count("id", filter=Q(verdict="")))
    return sorted(rows, key=lambda row: (-row["waiting"], row["assignee__name"]))


def accounts_of(campaign: Campaign, asked: Mapping[str, str], member: Membership | None = None) -> QuerySet[Account]:
    """The accounts of a campaign that fit the filters: `list`, `whose` (mine), `mark`, `decided`, `q`.

    Ordered by list, and in each what most likely has to go first.
    """
    found = Account.objects.filter(campaign=campaign).select_related("account_list__system", "person", "assignee")
    if (of := asked.get("list")) is not None:
        found = found.filter(account_list_id=UUID(of))
    if asked.get("whose") == "mine" and member is not None:
        found = found.filter(assignee=member)
    if (mark := asked.get("mark", "")) in MARKS:
        found = found.filter(**{mark: True})
    if (decided := asked.get("decided", "")) == UNDECIDED:
        found = found.filter(verdict="")
    elif decided in Verdict.values:
        found = found.filter(verdict=decided)
    if text := asked.get("q", "").strip():
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(person_name__icontains=text))
    return found


ORDER = ("account_list__position", "account_list_id", "position", "id")


def removals() -> QuerySet[Removal]:
    """Removals with whose they are and where they stand. Their list is read by its keys in a question of its own: of one join
    of ten tables the planner has been seen to begin with campaigns times lists times systems."""
    lists = AccountList.objects.select_related("system__owner", "reviewer")
    return Removal.objects.select_related("account__assignee", "campaign", "proof__artefact").prefetch_related(
        Prefetch("account_list", lists)
    )


def removals_matching(state: str = "") -> QuerySet[Removal]:
    """Removals in a state: `standing` are those that are still there or came back, `overdue` of these those over their day."""
    found = removals()
    if state in (STANDS, OVERDUE):
        found = found.filter(state__in=STANDING)
        return found.filter(due_on__lt=today(here().timezone)) if state == OVERDUE else found
    return found.filter(state=state) if state else found.exclude(state=RemovalState.WITHDRAWN)


def lists_to_look_at(connection_id: str | None = None) -> list[AccountList]:
    """Lists that have something to look for: of campaigns under way, or completed and still counting."""
    on = today(here().timezone)
    looked_for = Exists(Removal.objects.filter(account_list=OuterRef("pk")).exclude(state=RemovalState.WITHDRAWN))
    standing = Exists(Removal.objects.filter(account_list=OuterRef("pk"), state__in=STANDING))
    counts = Q(campaign__state__in=(CampaignState.OPEN, CampaignState.COMPLETED), campaign__valid_until__gte=on)
    found = AccountList.objects.filter(looked_for, counts | Q(standing)).select_related("campaign__requirement", "system", "connection")
    if connection_id is not None:
        found = found.filter(connection_id=connection_id)
    return list(found.order_by("id"))


def systems_with_accounts() -> QuerySet[System]:
    """What of the register a review may be about: everything that is not decided out, and can hold accounts."""
    return System.objects.exclude(decision=Decision.OUT).exclude(kind__in=_NO_ACCOUNTS).order_by("kind", "name", "id")


def with_decisions(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts with everything that was decided on them, the newest first, and what became of a removal."""
    from .models import Decision as Decided

    newest = Decided.objects.order_by("-id")
    return accounts.select_related("removal__proof__artefact").prefetch_related(Prefetch("decisions", newest))
