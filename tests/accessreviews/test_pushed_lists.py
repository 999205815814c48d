"""Accounts that a system's own program pushed stand in a review of it, and only the next whole push closes a removal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from compliance.registers.models import System, Worker
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.accessreviews.accounts.pushed import READINGS
from evidence.accessreviews.models import Account, AccountList, Campaign, Removal
from evidence.accessreviews.services.bring import bring_list
from evidence.accessreviews.services.decide import Choice, decide
from evidence.accessreviews.services.look import look_again
from evidence.accessreviews.services.prepare import prepare_campaign, start_campaign
from evidence.collectors.services.connect import change_connection, create_connection
from evidence.collectors.services.push import Push, push_facts
from evidence.collectors.services.retire import retire_connection
from tests.factories.controls import make_control
from tests.factories.evidence import make_requirement

ADA = {"login": "ada@acme.example", "active": True, "admin": True, "role": "Editor", "last_used_at": "2026-09-18T08:00:00Z"}
BO = {"login": "bo", "email": "bo@acme.example", "name": "Bo Berg", "active": True, "admin": False, "role": "Editor; Payer"}
OLD = {"login": "old", "active": False, "admin": False, "role": "Viewer"}


class Payroll:
    """A system without an API, in scope, whose program pushes its accounts; and its review."""

    def __init__(self, organization: Any, clock: Any, mei: Any, jonas: Any, priya: Any) -> None:
        self.organization, self.clock, self.mei, self.jonas, self.priya = organization, clock, mei, jonas, priya
        with scope(organization):
            self.source = create_connection(actor=mei.actor, vendor="push", name="Payroll", fields={"system": ""})
            self.system = System.objects.create(
                ref="SYS-009", kind="application", name="Payroll", external_id="push:payroll", decision="in"
            )
            Worker.objects.create(external_id="w1", name="Ada", email="ada@acme.example", source="HR")
            control = make_control("AC-07", owner=jonas.membership, starts_on=date(2026, 7, 1))
            self.requirement = make_requirement(mei.actor, control, key="access-review")

    def push(self, *rows: dict[str, Any], complete: bool = True) -> int:
        """A day later the program pushes what there is; returns how many removals turned."""
        self.clock.shift(timedelta(days=1))
        with scope(self.organization):
            said = Push("push.accounts", now(), complete, "push", "the token Payroll job", "10.0.0.7, curl")
            push_facts(actor=SYSTEM, member=None, connection=self.source, push=said, rows=list(enumerate(rows)))
            return look_again(actor=SYSTEM, connection_id=str(self.source.pk))

    def look(self) -> int:
        """The sweep holds everything against the newest lists."""
        with scope(self.organization):
            return look_again(actor=SYSTEM)

    def review(self) -> Campaign:
        with scope(self.organization):
            return prepare_campaign(
                actor=self.mei.actor, member=self.mei.membership, name="Third quarter", requirement=self.requirement,
                covers_from=date(2026, 7, 1), covers_to=date(2026, 9, 30), due_on=date(2026, 10, 15), systems=[self.system],
                reviewer=self.jonas.membership, stand_in=self.priya.membership,
            )  # fmt: skip

    def take_away(self, campaign: Campaign, name: str, *take: str) -> None:
        with scope(self.organization):
            start_campaign(actor=self.mei.actor, campaign=campaign)
            account = Account.objects.select_related("account_list", "campaign").get(campaign=campaign, name__startswith=name)
            verdict = "change" if take else "remove"
            choice = Choice(account, verdict, "Not needed any more.", take)
            decide(actor=self.jonas.actor, member=self.jonas.membership, campaign=campaign, choices=[choice])

    def state(self) -> str:
        with scope(self.organization):
            return Removal.objects.get().state

    def list_of(self) -> AccountList:
        with scope(self.organization):
            return AccountList.objects.select_related("connection", "campaign").get()


@pytest.fixture()
def payroll(acme: Any, mei: Any, jonas: Any, priya: Any) -> Iterator[Payroll]:
    with time_machine.travel(datetime(2026, 9, 20, 12, tzinfo=UTC), tick=False) as clock:
        yield Payroll(acme, clock, mei, jonas, priya)


def test_they_stand_in_a_review_of_their_system_with_their_marks_and_as_pushed(acme, payroll, mei):
    payroll.push(ADA, BO, OLD)
    payroll.review()
    taken = payroll.list_of()
    assert (taken.origin, taken.rows, taken.connection, taken.reads) == ("pushed", 3, payroll.source, "push.accounts")
    with scope(acme):
        found = {each.key: each for each in Account.objects.all()}
        (source,) = taken.sources.all()
        assert (source.fact_kind, source.rows) == ("push.accounts", 3)
    assert (found[ADA["login"]].privileged, found[ADA["login"]].person_name) == (True, "Ada")
    assert found[ADA["login"]].entitlements == ["Editor", "Administrator"]
    assert (found["bo"].name, found["bo"].orphan, found["bo"].entitlements) == ("bo (Bo Berg)", True, ["Editor", "Payer"])
    assert (found["old"].status, found["old"].use_known) == ("disabled", False)
    page = mei.client.get(f"/o/acme/access-reviews/lists/{taken.pk}/").content.decode()
    assert "Pushed by Payroll" in page


def test_a_removal_closes_with_the_next_whole_push_without_the_account(acme, payroll):
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo")
    assert (payroll.push(ADA, BO), payroll.state()) == (0, "open")
    assert (payroll.push(ADA, BO | {"active": False}), payroll.state()) == (0, "open")  # whoever enables it has the access back
    assert (payroll.push(ADA), payroll.state()) == (1, "gone")
    with scope(acme):
        assert Removal.objects.get().proof.artefact.source == "pushed"
    assert (payroll.push(ADA, BO), payroll.state()) == (1, "back")


def test_a_part_of_the_list_closes_nothing(payroll):
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo")
    assert (payroll.push(ADA, complete=False), payroll.state()) == (0, "open")


def test_a_role_is_gone_once_a_push_tells_the_roles_without_it(payroll):
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo", "Payer")
    untold = {name: value for name, value in BO.items() if name != "role"}
    assert (payroll.push(ADA, untold), payroll.state()) == (0, "open")  # nobody says what it may do
    assert (payroll.push(ADA, BO | {"role": "Editor"}), payroll.state()) == (1, "gone")


def test_a_list_of_another_source_closes_nothing_until_the_first_is_retired(acme, payroll, ada, mei):
    """Else whoever may tie the system to a source of theirs shows everything gone."""
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo")
    with scope(acme):
        first, payroll.source = payroll.source, create_connection(actor=mei.actor, vendor="push", name="Other", fields={"system": ""})
        System.objects.update(external_id="push:other")
    payroll.push(ADA)
    assert (payroll.look(), payroll.state()) == (0, "open")
    with scope(acme):
        retire_connection(actor=ada.actor, connection=first, reason="Another program tells it.")
    assert (payroll.look(), payroll.state()) == (1, "gone")


def test_the_same_login_in_other_letters_is_still_there(payroll):
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo")
    assert (payroll.push(ADA, BO | {"login": "BO"}), payroll.state()) == (0, "open")


def test_a_file_closes_nothing_where_the_source_pushes(acme, payroll, mei):
    payroll.push(ADA, BO)
    payroll.take_away(payroll.review(), "bo")
    with scope(acme), pytest.raises(ValidationError, match="next whole push"):
        bring_list(
            actor=mei.actor, member=mei.membership, account_list=payroll.list_of(), content=b"Account\nada\n", filename="a.csv",
            media_type="text/csv", drawn_on=date(2026, 9, 21),
        )  # fmt: skip


@pytest.mark.parametrize("said", ["SYS-009", "payroll", "  Payroll "])
def test_a_source_that_names_its_system_needs_no_identifier(acme, payroll, mei, said):
    with scope(acme):
        System.objects.update(external_id="")
        change_connection(actor=mei.actor, connection=payroll.source, fields={"system": said})
    payroll.push(ADA)
    payroll.review()
    assert payroll.list_of().origin == "pushed"


def test_a_name_that_two_systems_have_says_nothing(acme, payroll, mei):
    with scope(acme):
        System.objects.update(external_id="")
        System.objects.create(ref="SYS-010", kind="database", name="payroll", decision="in")
        change_connection(actor=mei.actor, connection=payroll.source, fields={"system": "Payroll"})
    payroll.push(ADA)
    payroll.review()
    assert payroll.list_of().origin == "none"


def test_without_a_whole_list_there_is_none_to_review(payroll):
    payroll.push(ADA, complete=False)
    payroll.review()
    taken = payroll.list_of()
    assert (taken.origin, taken.rows) == ("none", 0)
    assert "Push it, whole." in taken.leaves_out


def test_what_was_not_sent_counts_as_if_it_administered():
    (reading,) = READINGS
    listing = reading.read({"push.accounts": [{"login": "x", "active": True}]}, "payroll", (date(2026, 7, 1), date(2026, 9, 30)))
    (found,) = listing.accounts
    assert (found.privileged, found.unread, found.entitlements_known) == (True, "Whether it administers was not sent", False)
