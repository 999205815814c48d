"""Lists are frozen from what was collected or brought: with their sources, their marks, and whose each account is."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from compliance.tenancy.rooms import scope
from evidence.accessreviews.models import Account, AccountList, ListSource
from evidence.accessreviews.services.freeze import take_list
from evidence.accessreviews.services.prepare import assign_reviewers, skip_campaign, start_campaign
from evidence.accessreviews.services.writing import SettledError
from evidence.checks.base import Reason
from evidence.models import Version
from tests.factories.facts import collected

CSV = "Account;Email;Role;Admin;Last login\nroot;;Everything;yes;2026-01-02\njonas;jonas@acme.example;Clerk;no;2026-09-19\n"


def _bring(acme, who, account_list, content, name="list.csv", **more):
    sent = {"file": SimpleUploadedFile(name, content), "drawn_on": "2026-09-20", "note": "Settings, Users, Export, no filter."}
    return who.client.post(f"/o/acme/access-reviews/lists/{account_list.pk}/bring/", sent | more)


def test_a_collected_list_says_from_which_versions_it_was_taken(acme, prepare, systems):
    campaign = prepare()
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
        assert (found.origin, found.rows, found.reads, len(found.sha256)) == ("collected", 6, "okta.organization", 64)
        sources = {each.fact_kind: each for each in ListSource.objects.filter(account_list=found).select_related("version")}
        assert set(sources) == {"okta.org", "okta.users", "okta.admin_roles", "okta.group_roles"}
        assert sources["okta.users"].rows == 6
        assert sources["okta.users"].version.sha256 == Version.objects.filter(filename__contains="okta.users").get().sha256


def test_each_account_is_marked_and_what_most_likely_has_to_go_comes_first(acme, prepare, jonas):
    campaign = prepare()
    with scope(acme):
        names = list(Account.objects.filter(campaign=campaign).order_by("position").values_list("name", flat=True))
        by = {each.name.split("@")[0]: each for each in Account.objects.filter(campaign=campaign)}
    assert [name.split("@")[0] for name in names] == ["gone", "ghost", "ada", "idle", "jonas", "priya"]
    assert (by["gone"].left, by["gone"].orphan, by["gone"].person_name) == (True, False, "Gone Person")
    assert (by["ghost"].orphan, by["ghost"].left) == (True, False)
    assert (by["ada"].privileged, by["ada"].entitlements) == (True, ["App Admin", "Super Admin"])
    assert by["idle"].unused
    assert not by["jonas"].needs_reason
    assert by["jonas"].subject_id == jonas.membership.pk


def test_what_could_not_be_read_is_no_list(acme, prepare, okta_seen, mei, days):
    days.later(1)
    with scope(acme):
        collected(okta_seen, {"okta.admin_roles": Reason.DENIED})
    campaign = prepare()
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
        assert (found.origin, found.rows) == ("none", 0)
        assert "could not be read in full" in found.leaves_out
        with pytest.raises(ValidationError, match="no list of accounts"):
            start_campaign(actor=mei.actor, campaign=campaign)


def test_roles_of_one_user_that_could_not_be_read_count_as_privileged(acme, prepare, okta_seen, days):
    from evidence.collectors.base import Page

    days.later(1)
    with scope(acme):
        body = [{"about": {"user_id": "00u2", "login": "priya@acme.example"}, "error": {"reason": "denied"}}]
        collected(okta_seen, {"okta.admin_roles": [Page("GET /api/v1/users/{userId}/roles", {}, body)]})
    campaign = prepare()
    with scope(acme):
        priya = Account.objects.get(campaign=campaign, name__startswith="priya")
    assert priya.privileged
    assert "denied" in priya.unread


def test_a_system_without_a_connection_brings_its_list(acme, mei, prepare):
    campaign = prepare("ledger")
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
        assert "No connection" in found.leaves_out
    assert _bring(acme, mei, found, CSV.encode()).status_code == 302
    with scope(acme):
        found.refresh_from_db()
        accounts = {each.key: each for each in Account.objects.filter(campaign=campaign)}
        assert (found.origin, found.rows, set(accounts)) == ("uploaded", 2, {"root", "jonas"})
        assert (accounts["root"].privileged, accounts["root"].unused, accounts["root"].orphan) == (True, True, True)
        assert accounts["jonas"].person_name == "Jonas Lindqvist"
        source = ListSource.objects.select_related("version__artefact").get()
        assert source.version.provenance["note"] == "Settings, Users, Export, no filter."
        assert source.version.artefact.title == "Accounts of Ledger"


def test_a_workbook_is_read_as_well_and_lines_of_one_account_are_one(acme, mei, prepare):
    campaign = prepare("ledger")
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["Login", "Role", "Last login"], ["ana", "Clerk", date(2026, 9, 1)], ["Ana", "Auditor", "never"]):
        book.active.append(row)
    book.save(file)
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
    assert _bring(acme, mei, found, file.getvalue(), "list.xlsx").status_code == 302
    with scope(acme):
        account = Account.objects.get(campaign=campaign)
        assert (account.key, account.entitlements) == ("ana", ["Clerk", "Auditor"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Colour,Size\nred,1\n", "No column is headed"),
        (b"Account,Admin\nana,perhaps\n", "Write yes or no"),
        (b"Account,Last used\nana,last week\n", "Write days as"),
        (b"Account,Role\n,Clerk\n", "names no account"),
        (b"Account\n", "no account below it"),
        (b"\x89PNG\r\n\x1a\nxxxx", "name has to end"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_change(acme, mei, prepare, content, said):
    campaign = prepare("ledger")
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
    answer = _bring(acme, mei, found, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(acme):
        assert not Account.objects.filter(campaign=campaign).exists()
        assert not Version.objects.filter(artefact__title="Accounts of Ledger").exists()


def test_a_list_of_a_day_to_come_is_refused_and_what_was_written_stays(acme, mei, prepare):
    campaign = prepare("ledger")
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
    answer = _bring(acme, mei, found, CSV.encode(), drawn_on="2027-01-01")
    assert answer.status_code == 422
    assert "Settings, Users, Export, no filter." in answer.content.decode()


def test_once_begun_the_list_stays_as_it_was_frozen(acme, mei, campaign):
    with scope(acme):
        found = AccountList.objects.select_related("campaign").get(campaign=campaign)
        with pytest.raises(ValidationError, match="has begun"):
            take_list(actor=mei.actor, account_list=found)
    for change in (
        lambda: Account.objects.filter(campaign=campaign).update(privileged=False),
        lambda: Account.objects.filter(campaign=campaign).delete(),
        lambda: Account.objects.create(campaign=campaign, account_list=found, key="new", name="new", kind="user"),
        lambda: AccountList.objects.filter(campaign=campaign).update(rows=1),
        lambda: ListSource.objects.all().delete(),
        lambda: AccountList.objects.filter(campaign=campaign).delete(),
    ):
        with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_lists_owner_reviews_it_where_they_may(acme, prepare, systems, ada):
    with scope(acme):
        systems["okta"].owner = ada.membership
        systems["okta"].save(update_fields=["owner"])
    campaign = prepare()
    with scope(acme):
        found = AccountList.objects.select_related("reviewer", "stand_in").get(campaign=campaign)
    assert (found.reviewer.name, found.stand_in.name) == ("Ada Okonkwo", "Priya Raghunathan")


def test_it_does_not_begin_while_somebody_would_decide_on_themselves(acme, mei, jonas, prepare):
    campaign = prepare(stand_in=None)
    with scope(acme), pytest.raises(ValidationError, match="Jonas Lindqvist has an account in Okta"):
        start_campaign(actor=mei.actor, campaign=campaign)


def test_what_cannot_be_reviewed_is_refused(acme, mei, jonas, noor, prepare, systems, requirement):
    with scope(acme):
        systems["okta"].decision = "out"
        systems["okta"].save(update_fields=["decision"])
    for more, field in (
        ({}, "systems"), ({"covers_to": date(2026, 1, 1)}, "covers_to"), ({"due_on": date(2026, 1, 1)}, "due_on"),
        ({"reviewer": noor.membership}, "reviewer"), ({"stand_in": jonas.membership}, "stand_in"), ({"name": " "}, "name"),
        ({"removal_days": 0}, "removal_days"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            prepare(**more)
        assert field in refused.value.message_dict


def test_another_may_be_named_and_takes_over_what_is_not_decided(acme, mei, jonas, ada, priya, desk, campaign):
    desk.decide(jonas, "priya", "keep")
    with scope(acme):
        assign_reviewers(actor=mei.actor, account_list=desk.list_of(), reviewer=ada.membership, stand_in=jonas.membership)
    assert desk.account("priya").assignee == jonas.membership
    assert desk.account("jonas").assignee == ada.membership
    assert desk.account("ada").assignee == jonas.membership
    with scope(acme), pytest.raises(ValidationError, match="has an account on this list"):
        assign_reviewers(actor=mei.actor, account_list=desk.list_of(), reviewer=ada.membership, stand_in=None)


def test_skipped_stays_skipped(acme, mei, campaign):
    with scope(acme):
        with pytest.raises(ValidationError, match="Say why"):
            skip_campaign(actor=mei.actor, campaign=campaign, reason=" ")
        skip_campaign(actor=mei.actor, campaign=campaign, reason="The system is being replaced.")
        with pytest.raises(SettledError):
            skip_campaign(actor=mei.actor, campaign=campaign, reason="Again.")
    with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
        type(campaign).objects.update(state="open")

