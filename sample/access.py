"""The company reviews its administrators once in its story: all of Okta and GitHub, decided on and signed in a day.

Planted: an administrator role that goes with its owner six weeks later, and a service account that nobody ever removes,
although its reviewer said so.
"""

from __future__ import annotations

from datetime import timedelta

from compliance.registers.models import Decision, Kind, System
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from evidence.accessreviews.models import Account, Campaign
from evidence.accessreviews.services.complete import complete_campaign
from evidence.accessreviews.services.decide import Choice, decide, sign_list
from evidence.accessreviews.services.prepare import prepare_campaign, start_campaign
from evidence.models import Acceptance, EvidenceRequirement
from evidence.services.decide import decide_version
from sample.company import Cast

#: A day on which everything is looked at.
ON = 28
REVIEWER, STAND_IN = "owner_access", "owner_security"
#: Logins that begin so, and why they go. The first has left by the next look; the second is there to the end.
REMOVED = {
    "vasiliki.karagianni@": "Changes to the team that no longer administers applications.",
    "svc-metrics@": "The exporter that it was made for is switched off.",
}
_NO_CHANGE = "Each owner and member was confirmed by the head of their team; the two who left last month are not on the list any more."


def on_day(day: int, cast: Cast) -> None:
    """What happens of access reviews on a day of the story."""
    if day != ON:
        return
    campaign = _begin(cast)
    for part in (REVIEWER, STAND_IN):
        _decide(cast, part, campaign)
    for each in campaign.lists.select_related("campaign", "system"):
        sign_list(actor=cast.actor(REVIEWER), member=cast[REVIEWER], account_list=each, answer=_NO_CHANGE)
    done = complete_campaign(actor=cast.actor("compliance_manager"), member=cast["compliance_manager"], campaign=campaign)
    for version in filter(None, (done.book, done.record)):
        decide_version(
            actor=cast.actor("approver"), version=version, acceptance=Acceptance.APPROVED, reason="Every account is decided on."
        )


def _begin(cast: Cast) -> Campaign:
    manager, day = cast.actor("compliance_manager"), today(here().timezone)
    administered = (Kind.IDENTITY_PROVIDER, Kind.CODE_HOST)
    campaign = prepare_campaign(
        actor=manager, member=cast["compliance_manager"], name="Administrators of Okta and GitHub",
        requirement=EvidenceRequirement.objects.get(key="privileged-review"), covers_from=day - timedelta(days=ON),
        covers_to=day + timedelta(days=60), due_on=day + timedelta(days=14), reviewer=cast[REVIEWER], stand_in=cast[STAND_IN],
        systems=list(System.objects.filter(kind__in=administered).exclude(decision=Decision.OUT).order_by("kind")),
    )  # fmt: skip
    return start_campaign(actor=manager, campaign=campaign)


def _decide(cast: Cast, part: str, campaign: Campaign) -> None:
    mine = Account.objects.filter(campaign=campaign, assignee=cast[part], verdict="").select_related("account_list")
    choices = [_choice(each) for each in mine]
    decide(actor=cast.actor(part), member=cast[part], campaign=campaign, choices=choices)


def _choice(account: Account) -> Choice:
    why = next((reason for login, reason in REMOVED.items() if account.name.startswith(login)), "")
    if why:
        return Choice(account, "remove", why)
    return Choice(account, "keep", "Needed for the work of its team, confirmed by its head." if account.needs_reason else "")
