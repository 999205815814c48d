"""Finding what the address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from ..models import Account, AccountList, Campaign


def find_campaign(campaign: UUID) -> Campaign:
    """A campaign of this room with what it serves."""
    found = Campaign.objects.select_related("requirement__control", "prepared_by", "book__artefact", "record__artefact")
    return get_object_or_404(found, pk=campaign)


def find_list(account_list: UUID) -> AccountList:
    """A list with its campaign, its system and who reviews it."""
    found = AccountList.objects.select_related("campaign__requirement__control", "system", "reviewer", "stand_in", "connection")
    return get_object_or_404(found, pk=account_list)


def find_account(account: UUID) -> Account:
    """An account with its list and who decides on it."""
    found = Account.objects.select_related(
        "campaign", "account_list__system", "account_list__campaign", "assignee", "person", "subject", "removal__proof__artefact"
    )
    return get_object_or_404(found, pk=account)
