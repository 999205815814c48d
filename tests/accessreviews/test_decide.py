"""Deciding: by who reviews, never on oneself, with a reason where it needs one, and signed with an answer where nothing changed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.accessreviews.models import Account, Campaign, Decision, Removal
from evidence.accessreviews.services.complete import complete_campaign
from evidence.accessreviews.services.decide import ChoiceError, sign_list
from evidence.accessreviews.services.writing import SettledError
from evidence.models import Artefact, EvidenceLink, Version
from evidence.services.decide import decide_version
from evidence.storage import open_stored


def _sign(acme, who, desk, answer=""):
    with scope(acme):
        return sign_list(actor=who.actor, member=who.membership, account_list=desk.list_of(), answer=answer)


def test_nothing_is_chosen_beforehand(acme, jonas, campaign):
    page = jonas.client.get(f"/o/acme/access-reviews/{campaign.pk}/accounts/?whose=mine").content.decode()
    assert page.count('type="radio"') > 5
    assert "checked" not in page.replace("unchecked", "")


def test_the_reviewer_decides_and_it_is_told(acme, jonas, desk):
    desk.decide(jonas, "priya", "keep")
    account = desk.account("priya")
    assert (account.verdict, account.decided_at is not None) == ("keep", True)
    with scope(acme):
        assert Decision.objects.get().decided_by_name == "Jonas Lindqvist"
        assert Entry.objects.get(action="access_reviews.account.decided").after == {"verdict": "keep", "by": "Jonas Lindqvist"}


@pytest.mark.parametrize("name", ["gone", "ghost", "ada", "idle"])
def test_what_is_marked_is_kept_with_a_reason_only(jonas, desk, name):
    with pytest.raises(ChoiceError) as refused:
        desk.decide(jonas, name, "keep")
    assert next(iter(refused.value.faults.values()))[0] == "reason"
    desk.decide(jonas, name, "keep", "Needed for the move to the new ledger.")


def test_whose_the_addresses_are_is_asked_once_for_all_accounts(acme, jonas, desk, campaign):
    with CaptureQueriesContext(connection) as asked:
        jonas.client.get(f"/o/acme/access-reviews/{campaign.pk}/accounts/?whose=mine")
    assert sum("account_emailaddress" in each["sql"] for each in asked) == 1
    with CaptureQueriesContext(connection) as asked:
        desk.keep_all(jonas)
    assert sum("account_emailaddress" in each["sql"] for each in asked) == 1


def test_removing_needs_a_reason_and_a_change_says_what_goes(jonas, desk):
    for verdict, reason, take, field in (
        ("remove", " ", (), "reason"), ("change", "Too much.", (), "take"), ("change", "Too much.", ("Nothing Of It",), "take"),
        ("perhaps", "x", (), "verdict"),
    ):  # fmt: skip
        with pytest.raises(ChoiceError) as refused:
            desk.decide(jonas, "ada", verdict, reason, take)
        assert next(iter(refused.value.faults.values()))[0] == field
    desk.decide(jonas, "ada", "change", "Runs the applications only.", ("Super Admin",))


def test_nobody_decides_on_their_own_access(acme, jonas, priya, desk):
    with pytest.raises(PermissionDenied, match="own access"):
        desk.decide(jonas, "jonas", "keep")
    with pytest.raises(PermissionDenied, match="Another reviews"):
        desk.decide(priya, "idle", "keep", "x")
    desk.decide(priya, "jonas", "keep")
    account = desk.account("jonas")
    with scope(acme), pytest.raises(DatabaseError, match="own access"), transaction.atomic():
        Decision.objects.create(account=account, verdict="keep", decided_by=jonas.membership, decided_by_name="Jonas")
    with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(assignee=jonas.membership)
    idle = desk.account("idle")
    with scope(acme), pytest.raises(DatabaseError, match="another reviews"), transaction.atomic():
        Decision.objects.create(account=idle, verdict="keep", decided_by=priya.membership, decided_by_name="Priya")


def test_an_account_with_ones_own_address_is_ones_own_even_where_it_was_frozen_as_nobodys(acme, jonas, desk):
    with scope(acme):
        jonas.membership.email = "ghost@acme.example"
        jonas.membership.save(update_fields=["email"])
    with pytest.raises(PermissionDenied, match="own access"):
        desk.decide(jonas, "ghost", "keep", "It is fine.")


def test_the_manager_decides_on_nobodys_behalf(mei, desk):
    with pytest.raises(PermissionDenied):
        desk.decide(mei, "idle", "keep", "x")


def test_a_page_is_recorded_whole_or_comes_back_with_everything_that_was_written(acme, jonas, campaign, desk):
    ada, idle, priya = (desk.account(name) for name in ("ada", "idle", "priya"))
    sent = {
        "account": [str(each.pk) for each in (ada, idle, priya)], f"verdict-{ada.pk}": "remove", f"reason-{ada.pk}": "",
        f"verdict-{idle.pk}": "keep", f"reason-{idle.pk}": "On parental leave until May.", f"verdict-{priya.pk}": "",
        f"reason-{priya.pk}": "half a thou",
    }  # fmt: skip
    address = f"/o/acme/access-reviews/{campaign.pk}/decide/?whose=mine"
    answer = jonas.client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why ada@acme.example is removed." in page
    assert "On parental leave until May." in page
    assert "half a thou" in page
    assert page.count(" checked") == 2
    with scope(acme):
        assert not Decision.objects.exists()
    answer = jonas.client.post(address, sent | {f"reason-{ada.pk}": "She moved to sales."})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"{campaign.pk}/accounts/?whose=mine")
    with scope(acme):
        assert set(Decision.objects.values_list("account__name", "verdict")) == {(ada.name, "remove"), (idle.name, "keep")}


def test_a_page_sent_for_accounts_of_somebody_else_is_refused(acme, jonas, priya, campaign, desk):
    idle = desk.account("idle")
    sent = {"account": [str(idle.pk)], f"verdict-{idle.pk}": "keep", f"reason-{idle.pk}": "x"}
    assert priya.client.post(f"/o/acme/access-reviews/{campaign.pk}/decide/", sent).status_code == 403
    hostile = {"account": ["x", "\x00", "1" * 5000], "verdict-x": "keep"}
    assert jonas.client.post(f"/o/acme/access-reviews/{campaign.pk}/decide/", hostile).status_code == 422


def test_many_at_once_keep_the_same_rules(acme, jonas, campaign, desk):
    address = f"/o/acme/access-reviews/{campaign.pk}/decide-many/"
    answer = jonas.client.post(address, {"all": "yes", "verdict": "keep", "reason": ""})
    assert answer.status_code == 422
    assert "4 of these need a reason" in answer.content.decode()
    with scope(acme):
        assert not Decision.objects.exists()
    assert jonas.client.post(address, {"verdict": "keep", "reason": ""}).status_code == 422
    assert jonas.client.post(address, {"all": "yes", "verdict": "keep", "reason": "Confirmed by their leads."}).status_code == 302
    with scope(acme):
        assert Decision.objects.filter(many=True).count() == 5
        assert Account.objects.filter(campaign=campaign, verdict="").count() == 1


def test_many_are_those_that_the_filters_show(acme, jonas, campaign):
    address = f"/o/acme/access-reviews/{campaign.pk}/decide-many/?mark=unused"
    jonas.client.post(address, {"all": "yes", "verdict": "remove", "reason": "Nobody used it for months."})
    with scope(acme):
        assert list(Removal.objects.values_list("account__name", flat=True)) == ["idle@acme.example"]


def test_the_newest_decision_counts_until_the_list_is_signed(acme, jonas, priya, desk):
    desk.decide(jonas, "idle", "remove", "Unused.")
    desk.decide(jonas, "idle", "keep", "Back from leave next week.")
    with scope(acme):
        assert Removal.objects.get().state == "withdrawn"
    desk.decide(jonas, "idle", "remove", "Did not come back.")
    with scope(acme):
        assert Removal.objects.get().state == "open"
    desk.keep_all(jonas, priya)
    _sign(acme, jonas, desk)
    with pytest.raises(SettledError):
        desk.decide(jonas, "idle", "keep", "x")
    idle = desk.account("idle")
    with scope(acme), pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Decision.objects.create(account=idle, verdict="keep", decided_by=jonas.membership, decided_by_name="Jonas")


def test_decisions_only_grow(acme, jonas, desk):
    desk.decide(jonas, "priya", "keep")
    for change in (lambda: Decision.objects.update(verdict="remove"), lambda: Decision.objects.all().delete()):
        with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_list_without_any_change_is_questioned(acme, jonas, priya, mei, campaign, desk):
    with pytest.raises(ValidationError, match="6 accounts wait"):
        _sign(acme, jonas, desk)
    desk.keep_all(jonas, priya)
    for answer in ("", "OK", "   fine          "):
        with pytest.raises(ValidationError) as refused:
            _sign(acme, jonas, desk, answer)
        assert "answer" in refused.value.message_dict
    with pytest.raises(PermissionDenied):
        _sign(acme, mei, desk, "I went through all of them with the leads.")
    sent = {"answer": "I went through all of them with the leads."}
    assert jonas.client.post(f"/o/acme/access-reviews/lists/{desk.list_of().pk}/sign/", sent).status_code == 302
    assert sent["answer"] in mei.client.get(f"/o/acme/access-reviews/{campaign.pk}/").content.decode()


def test_a_list_with_a_change_is_signed_without_an_answer(acme, jonas, priya, desk):
    desk.decide(jonas, "gone", "remove", "Left in August.")
    desk.keep_all(jonas, priya)
    assert _sign(acme, jonas, desk).signed_by == "Jonas Lindqvist"


def _complete(acme, mei, campaign):
    with scope(acme):
        return complete_campaign(actor=mei.actor, member=mei.membership, campaign=campaign)


def test_completed_it_is_evidence_that_another_has_to_approve(acme, mei, femi, jonas, priya, desk, campaign, requirement):
    import io
    import json

    import openpyxl

    with pytest.raises(ValidationError, match="Not signed"):
        _complete(acme, mei, campaign)
    desk.decide(jonas, "gone", "remove", "Left in August.")
    desk.keep_all(jonas, priya)
    _sign(acme, jonas, desk)
    done = _complete(acme, mei, campaign)
    assert (done.state, done.late) == ("completed", False)
    with scope(acme):
        version, record = Version.objects.get(pk=done.book_id), Version.objects.get(pk=done.record_id)
        assert EvidenceLink.objects.filter(requirement=requirement).count() == 2
        assert version.effective_end == done.settled_at == record.effective_end
        assert version.effective_start.date().isoformat() in {"2026-06-30", "2026-07-01"}
        assert version.provenance["record_sha256"] == record.sha256
        told = json.loads(open_stored(record.sha256).read())
        assert [each["verdict"] for each in told["accounts"]].count("keep") == 5
        assert told["removals"][0]["name"] == "gone@acme.example"
        assert told["lists"][0]["sources"][0]["sha256"]
        book = openpyxl.load_workbook(io.BytesIO(open_stored(version.sha256).read()))
        assert book.sheetnames == ["Review", "Accounts", "Removals", "Lists", "Sources"]
        assert book["Accounts"].max_row == 7
        assert Artefact.objects.get(pk=version.artefact_id).acceptance == "received"
        with pytest.raises(PermissionDenied):
            decide_version(actor=mei.actor, version=version, acceptance="approved")
        decide_version(actor=femi.actor, version=version, acceptance="approved")
    with pytest.raises(SettledError):
        _complete(acme, mei, campaign)


def test_completed_after_its_day_it_is_late_and_is_never_dated_back(acme, mei, jonas, priya, desk, campaign, days):
    desk.keep_all(jonas, priya)
    _sign(acme, jonas, desk, "Every account was confirmed by its person's lead.")
    days.later(40)
    done = _complete(acme, mei, campaign)
    assert done.late
    assert done.settled_at.date().isoformat() == "2026-10-30"
    with scope(acme):
        assert Version.objects.get(pk=done.book_id).effective_end == done.settled_at
    for change in ({"late": False}, {"settled_at": done.started_at}, {"state": "open"}, {"due_on": "2027-01-01"}):
        with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
            Campaign.objects.filter(pk=done.pk).update(**change)


def test_names_that_act_as_formulas_do_not_in_the_workbook():
    from evidence.accessreviews.book import _text

    assert _text("=cmd|' /C calc'!A0").startswith("'=")
    assert _text(["+1"]) == "'+1"
