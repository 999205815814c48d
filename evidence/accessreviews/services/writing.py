"""What every change of an access review has in common: it waits its turn, and what is settled stays settled."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from ..models import AccountList, Campaign, CampaignState


class SettledError(ValidationError):
    """The review or the list is settled, and this would change it."""


def locked(campaign: Campaign) -> Campaign:
    """The campaign as it stands, kept from others until the transaction ends."""
    found = Campaign.objects.select_for_update(of=("self",)).select_related("requirement__control")
    return found.get(pk=campaign.pk)


def locked_list(account_list: AccountList) -> AccountList:
    """The list with its campaign, both kept from others."""
    campaign = locked(account_list.campaign)
    found = AccountList.objects.select_for_update(of=("self",)).select_related("system", "reviewer", "stand_in", "connection")
    kept = found.get(pk=account_list.pk)
    kept.campaign = campaign
    return kept


def refuse_settled(campaign: Campaign) -> None:
    """Raises SettledError where the campaign is over."""
    if campaign.state in (CampaignState.COMPLETED, CampaignState.SKIPPED):
        raise SettledError(f"{campaign.ref} is {campaign.get_state_display().lower()}, and stays so.")


def refuse_unopened(campaign: Campaign) -> None:
    """Raises SettledError where nothing can be decided: not begun, or over."""
    refuse_settled(campaign)
    if campaign.state != CampaignState.OPEN:
        raise SettledError(f"{campaign.ref} has not begun yet.")
