"""A review to test with: Acme's Okta of six accounts, and a system that no connection sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from compliance.registers.models import System, Worker
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.accessreviews.models import Account, AccountList, Campaign
from evidence.accessreviews.services.decide import Choice, decide
from evidence.accessreviews.services.look import look_again
from evidence.accessreviews.services.prepare import prepare_campaign, start_campaign
from evidence.collectors.models import Connection
from evidence.models import EvidenceRequirement
from tests.factories.controls import make_control
from tests.factories.evidence import make_connection, make_requirement
from tests.factories.facts import collected, okta

BEGIN = datetime(2026, 9, 20, 12, tzinfo=UTC)
USERS: list[dict[str, Any]] = [
    {"id": "00u1", "login": "jonas@acme.example", "last_login": "2026-09-19T08:00:00Z"},
    {"id": "00u2", "login": "priya@acme.example", "last_login": "2026-09-18T08:00:00Z"},
    {"id": "00u3", "login": "ada@acme.example", "last_login": "2026-09-18T08:00:00Z"},
    {"id": "00u4", "login": "idle@acme.example", "last_login": "2026-05-01T08:00:00Z"},
    {"id": "00u5", "login": "ghost@acme.example", "last_login": "2026-09-01T08:00:00Z"},
    {"id": "00u6", "login": "gone@acme.example", "last_login": "2026-09-01T08:00:00Z"},
]
ADMINS = {"ada@acme.example": ["SUPER_ADMIN", "APP_ADMIN"]}


class Days:
    """Goes on in time, and collects Okta as it then stands."""

    def __init__(self, organization: Any, traveller: Any) -> None:
        self.organization, self.traveller = organization, traveller

    def later(self, days: float) -> None:
        self.traveller.shift(timedelta(days=days))

    def collect(self, *without: str, admins: dict[str, list[str]] | None = None) -> int:
        """A later look at Okta, without these logins; returns how many removals turned."""
        self.later(1)
        with scope(self.organization):
            users = [user for user in USERS if user["login"] not in without]
            collected(Connection.objects.get(vendor="okta"), okta(users, ADMINS if admins is None else admins))
            return look_again(actor=SYSTEM)


@pytest.fixture()
def days(acme: Any) -> Iterator[Days]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield Days(acme, traveller)


@pytest.fixture()
def okta_seen(acme: Any, mei: Any, days: Days) -> Connection:
    """Okta, connected and collected once; five of its six people are on the people list, and one of them has left."""
    with scope(acme):
        connection = make_connection(
            mei.actor, vendor="okta", name="Okta", slug="okta", fields={"org_url": "https://acme.okta.example", "token": "t"}
        )
        people = ("Jonas Lindqvist", "Priya Raghunathan", "Ada Okonkwo", "Idle Person", "Gone Person")
        for number, name in enumerate(people):
            ends = date(2026, 8, 31) if name == "Gone Person" else None
            email = f"{name.split()[0].lower()}@acme.example"
            Worker.objects.create(external_id=f"w{number}", name=name, email=email, source="HR", end_date=ends)
        collected(connection, okta(USERS, ADMINS))
        return connection


@pytest.fixture()
def systems(acme: Any, okta_seen: Connection) -> dict[str, System]:
    with scope(acme):
        return {
            "okta": System.objects.create(ref="SYS-001", kind="identity_provider", name="Okta", external_id="okta:00o1", decision="in"),
            "ledger": System.objects.create(ref="SYS-002", kind="application", name="Ledger", decision="in"),
        }


@pytest.fixture()
def requirement(acme: Any, mei: Any, jonas: Any, days: Days) -> EvidenceRequirement:
    with scope(acme):
        control = make_control("AC-07", owner=jonas.membership, starts_on=date(2026, 7, 1))
        return make_requirement(mei.actor, control, key="access-review")


@pytest.fixture()
def prepare(acme: Any, mei: Any, jonas: Any, priya: Any, systems: dict[str, System], requirement: Any) -> Callable[..., Campaign]:
    """Prepare the third quarter's review; Jonas reviews, Priya decides on his own account."""

    def make(*names: str, **more: Any) -> Campaign:
        with scope(acme):
            given = {
                "name": "Third quarter", "requirement": requirement, "covers_from": date(2026, 7, 1), "covers_to": date(2026, 9, 30),
                "due_on": date(2026, 10, 15), "systems": [systems[each] for each in names or ("okta",)],
                "reviewer": jonas.membership, "stand_in": priya.membership,
            } | more  # fmt: skip
            return prepare_campaign(actor=mei.actor, member=mei.membership, **given)

    return make


@pytest.fixture()
def campaign(acme: Any, mei: Any, prepare: Callable[..., Campaign]) -> Campaign:
    """The third quarter's review of Okta, under way."""
    made = prepare()
    with scope(acme):
        return start_campaign(actor=mei.actor, campaign=made)


class Desk:
    """What a reviewer does in Acme's room."""

    def __init__(self, organization: Any, campaign: Campaign) -> None:
        self.organization, self.campaign = organization, campaign

    def account(self, name: str) -> Account:
        with scope(self.organization):
            return Account.objects.select_related("account_list", "assignee", "campaign").get(
                campaign=self.campaign, name__startswith=name
            )

    def decide(self, who: Any, name: str, verdict: str, reason: str = "", take: tuple[str, ...] = ()) -> Any:
        account = self.account(name)
        with scope(self.organization):
            choice = Choice(account, verdict, reason, take)
            return decide(actor=who.actor, member=who.membership, campaign=self.campaign, choices=[choice])

    def keep_all(self, *people: Any) -> None:
        """Each decides to keep what still waits for them."""
        with scope(self.organization):
            for who in people:
                mine = Account.objects.filter(campaign=self.campaign, assignee=who.membership, verdict="").select_related("account_list")
                choices = [Choice(each, "keep", "Asked and confirmed.") for each in mine]
                decide(actor=who.actor, member=who.membership, campaign=self.campaign, choices=choices)

    def list_of(self) -> AccountList:
        with scope(self.organization):
            return AccountList.objects.select_related("campaign", "system").get(campaign=self.campaign)


@pytest.fixture()
def desk(acme: Any, campaign: Campaign) -> Desk:
    return Desk(acme, campaign)
