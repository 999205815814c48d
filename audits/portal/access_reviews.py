"""Access reviews as an auditor reads them: those that are over, with every account, decision and removal."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet

from evidence.accessreviews.models import Account, AccountList, Campaign, CampaignState, Removal, RemovalState
from evidence.accessreviews.selectors import accounts_of, counted_lists, with_decisions

from ..models import Seat
from .matrix import controls_for

#: What is being prepared or decided on is a draft; that a review was skipped is a fact of the period.
_OVER = (CampaignState.COMPLETED, CampaignState.SKIPPED)


def access_reviews_for(seat: Seat) -> QuerySet[Campaign]:
    """The reviews that show a stated control of the programme, are over, and cover days of its period, with `account_count`."""
    programme = seat.audit.programme
    found = Campaign.objects.filter(state__in=_OVER, requirement__control__in=controls_for(seat).values("pk"))
    if programme.period_start and programme.period_end:
        found = found.filter(covers_from__lte=programme.period_end, covers_to__gte=programme.period_start)
    return found.select_related("requirement__control", "book__artefact", "record__artefact").annotate(account_count=Count("accounts"))


def lists_for(campaign: Campaign) -> list[AccountList]:
    """The lists of a review, by system, with what was decided on each; `asked` counts what had to go, `gone` what of that a
    later list no longer showed."""
    rows = _counting(campaign).values_list("account_list_id", "state").annotate(number=Count("id"))
    counted = {(of, state): number for of, state, number in rows.order_by()}
    lists = list(counted_lists(campaign))
    for each in lists:
        each.gone = counted.get((each.pk, RemovalState.GONE), 0)  # type: ignore[attr-defined]
        each.asked = sum(number for (of, _), number in counted.items() if of == each.pk)  # type: ignore[attr-defined]
    return lists


def accounts_for(campaign: Campaign, of: AccountList | None = None, decided: str = "") -> QuerySet[Account]:
    """Its accounts with their decisions and what became of a removal; of one list, or of all, and of one decision or any."""
    return with_decisions(accounts_of(campaign, ({"list": str(of.pk)} if of else {}) | {"decided": decided}))


def removals_for(campaign: Campaign) -> QuerySet[Removal]:
    """What had to go by this review, as it stands today: what is still there first."""
    found = _counting(campaign).select_related("account", "account_list__system", "proof__artefact")
    return found.order_by(F("gone_at").desc(nulls_first=True), "due_on", "id")


def _counting(campaign: Campaign) -> QuerySet[Removal]:
    return Removal.objects.filter(campaign=campaign).exclude(state=RemovalState.WITHDRAWN)
