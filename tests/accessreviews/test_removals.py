"""A removal is closed by a later list without the access and by nothing else, and reopens where it comes back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.registers.models import System
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.accessreviews.models import AccountList, Removal, Sight
from evidence.accessreviews.services.complete import complete_campaign
from evidence.accessreviews.services.decide import sign_list
from evidence.accessreviews.services.look import look_again
from evidence.accessreviews.services.prepare import start_campaign
from evidence.checks.base import Reason
from evidence.collectors.base import Page
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.push import Push, push_facts
from evidence.collectors.services.retire import retire_connection
from evidence.models import Version
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.evidence import make_connection
from tests.factories.facts import collected, okta

from .conftest import ADMINS, USERS, Desk

#: The users of another organisation at the same vendor.
STRANGERS = [{"id": "00x1", "login": "x@acme.example"}]


@pytest.fixture()
def removal(acme, jonas, desk):
    """Gone Person's account has to go."""
    desk.decide(jonas, "gone", "remove", "Left in August.")

    def read():
        with scope(acme):
            return Removal.objects.select_related("account", "proof").get(account__name="gone@acme.example")

    return read


def test_it_stays_open_while_a_later_list_shows_the_account(removal, days):
    assert days.collect() == 0
    found = removal()
    assert (found.state, found.seen_at is not None, found.gone_at) == ("open", True, None)


def test_it_is_closed_by_the_next_list_without_it_and_keeps_the_proof(acme, removal, days):
    assert days.collect("gone@acme.example") == 1
    found = removal()
    assert found.state == "gone"
    with scope(acme):
        assert found.proof.sha256 == Version.objects.filter(filename__contains="okta.users").order_by("-id")[0].sha256
        assert Entry.objects.filter(action="access_reviews.removal.closed").count() == 1
    assert days.collect("gone@acme.example") == 0


def test_the_list_that_was_reviewed_closes_nothing_and_looking_twice_is_looking_once(acme, removal, days):
    with scope(acme):
        assert look_again(actor=SYSTEM) == 0
    assert removal().seen_at is None
    days.collect("gone@acme.example")
    with scope(acme):
        assert look_again(actor=SYSTEM) == 0
        assert Sight.objects.count() == 1


def test_it_reopens_where_the_account_comes_back(acme, removal, days):
    days.collect("gone@acme.example")
    assert days.collect() == 1
    assert removal().state == "back"
    assert removal().gone_at is None
    with scope(acme):
        assert list(Sight.objects.values_list("state", flat=True)) == ["gone", "back"]
        assert Entry.objects.filter(action="access_reviews.removal.reopened").count() == 1
    assert days.collect("gone@acme.example") == 1
    assert removal().state == "gone"


def test_a_collection_that_could_not_be_read_closes_nothing(acme, removal, days, okta_seen):
    days.later(1)
    with scope(acme):
        collected(okta_seen, {"okta.users": Reason.DENIED})
        assert look_again(actor=SYSTEM) == 0
    assert removal().state == "open"


def test_a_list_of_something_else_closes_nothing(acme, removal, days, systems, mei):
    """Whoever ties the system to another source, or to another organisation at the vendor, shows every account gone by its id."""
    days.later(1)
    with scope(acme):
        pushed = create_connection(actor=mei.actor, vendor="push", name="Mine", fields={"system": ""})
        said = Push("push.accounts", now(), True, "push", "the token Mine", "10.0.0.7, curl")
        push_facts(actor=SYSTEM, member=None, connection=pushed, push=said, rows=[(0, {"login": "x", "active": True})])
        System.objects.filter(pk=systems["okta"].pk).update(external_id="push:mine")
        assert look_again(actor=SYSTEM) == 0
        other = make_connection(
            mei.actor, vendor="okta", name="Another", slug="another", fields={"org_url": "https://other.okta.example", "token": "t"}
        )
        strangers = okta(STRANGERS, {"x@acme.example": ["SUPER_ADMIN"]})
        collected(other, strangers)
        System.objects.filter(pk=systems["okta"].pk).update(external_id="okta:00o1")
        assert look_again(actor=SYSTEM) == 0
    assert removal().state == "open"


def test_a_list_of_another_organisation_closes_nothing_though_the_reviewed_ones_connection_is_retired(
    acme, removal, days, systems, mei, ada, okta_seen
):
    days.later(1)
    with scope(acme):
        retire_connection(actor=ada.actor, connection=okta_seen, reason="An app took the token's place.")
        other = make_connection(
            mei.actor, vendor="okta", name="Another", slug="another", fields={"org_url": "https://other.okta.example", "token": "t"}
        )
        there = [Page("GET /api/v1/org", {}, {"id": "00o2", "companyName": "Other", "subdomain": "other", "status": "ACTIVE"})]
        collected(other, okta(STRANGERS, {"x@acme.example": ["SUPER_ADMIN"]}) | {"okta.org": there})
        System.objects.filter(pk=systems["okta"].pk).update(external_id="okta:00o2")
        assert look_again(actor=SYSTEM) == 0
    assert removal().state == "open"


def test_a_connection_that_took_a_retired_ones_place_goes_on(acme, removal, days, mei, ada, okta_seen):
    days.later(1)
    with scope(acme):
        retire_connection(actor=ada.actor, connection=okta_seen, reason="An app took the token's place.")
        new = make_connection(
            mei.actor, vendor="okta", name="Okta by app", slug="okta-app", fields={"org_url": "https://acme.okta.example", "token": "t"}
        )
        collected(new, okta([user for user in USERS if user["login"] != "gone@acme.example"], ADMINS))
        assert look_again(actor=SYSTEM) == 1
    assert removal().state == "gone"


def test_a_newer_list_that_leaves_out_what_it_could_not_read_closes_nothing(acme, removal, days, monkeypatch):
    """Assignments of Identity Center help a list and may be unreadable for a day: who is not on it then is not gone."""
    lacking = "Not on this list, because it could not be read: Assignments (denied)."
    with monkeypatch.context() as patched:
        patched.setattr("evidence.accessreviews.reading._extra", lambda reading, facts: ({}, lacking))
        assert days.collect("gone@acme.example") == 0
    assert (removal().state, removal().seen_at) == ("open", None)
    assert days.collect("gone@acme.example") == 1


def test_a_change_is_closed_once_the_entitlement_is_gone_though_the_account_stays(acme, jonas, desk, days):
    desk.decide(jonas, "ada", "change", "Runs the applications only.", ("Super Admin",))
    days.collect()
    with scope(acme):
        assert Removal.objects.get().state == "open"
    days.collect(admins={"ada@acme.example": ["APP_ADMIN"]})
    with scope(acme):
        assert Removal.objects.get().state == "gone"


def test_roles_that_can_no_longer_be_read_do_not_close_a_change(acme, jonas, desk, days, okta_seen):
    desk.decide(jonas, "ada", "change", "Runs the applications only.", ("Super Admin",))
    days.collect()
    days.later(1)
    with scope(acme):
        body = [{"about": {"user_id": "00u3", "login": "ada@acme.example"}, "error": {"reason": "denied"}}]
        seen = okta([{"id": "00u3", "login": "ada@acme.example"}])
        collected(okta_seen, seen | {"okta.admin_roles": [Page("GET /api/v1/users/{userId}/roles", {}, body)]})
        look_again(actor=SYSTEM)
        assert Removal.objects.get().state == "open"


def test_overdue_is_loud(acme, mei, jonas, removal, days):
    days.later(20)
    page = mei.client.get("/o/acme/work/").content.decode()
    assert "Remove gone@acme.example" in page
    assert "Overdue, still there" in mei.client.get("/o/acme/access-reviews/removals/?state=overdue").content.decode()
    assert removal().state == "open"


def test_past_its_day_it_is_a_gap_that_only_a_list_without_it_closes(acme, removal, days):
    with scope(acme):
        reconcile()
        assert not Gap.objects.filter(rule="access_review.not_removed").exists()
    days.later(20)
    days.collect()
    with scope(acme):
        reconcile()
        gap = Gap.objects.get(rule="access_review.not_removed")
        assert (gap.subject, gap.state, gap.control.ref) == (removal().campaign.ref, "open", "AC-07")
        assert list(gap.occurrences.values_list("resource", flat=True)) == ["gone@acme.example in Okta"]
    days.collect("gone@acme.example")
    with scope(acme):
        reconcile()
        gap.refresh_from_db()
        assert gap.state == "closed"
        assert "gone in a later list" in gap.closing_note


def test_once_all_is_gone_the_result_is_written_anew(acme, mei, jonas, priya, desk, campaign, removal, days):
    desk.keep_all(jonas, priya)
    with scope(acme):
        sign_list(actor=jonas.actor, member=jonas.membership, account_list=desk.list_of())
        done = complete_campaign(actor=mei.actor, member=mei.membership, campaign=campaign)
        assert Version.objects.get(pk=done.book_id).number == 1
    days.collect("gone@acme.example")
    with scope(acme):
        done.refresh_from_db()
        book = Version.objects.get(pk=done.book_id)
        assert book.number == 2
        assert book.effective_end == done.settled_at


def test_an_uploaded_system_needs_a_newer_list(acme, mei, jonas, prepare, days):
    campaign = prepare("ledger")
    with scope(acme):
        found = AccountList.objects.get(campaign=campaign)
    address = f"/o/acme/access-reviews/lists/{found.pk}/bring/"

    def bring(content, day):
        sent = {"file": SimpleUploadedFile("l.csv", content), "drawn_on": day, "note": "Export of all users."}
        return mei.client.post(address, sent).status_code

    assert bring(b"Account\nana\nben\n", "2026-09-20") == 302
    with scope(acme):
        start_campaign(actor=mei.actor, campaign=campaign)
    desk = Desk(acme, campaign)
    desk.decide(jonas, "ana", "remove", "Nobody knows her.")
    days.later(3)
    assert bring(b"Account\nben\n", "2026-09-19") == 302
    with scope(acme):
        assert Removal.objects.get().state == "open"
    assert bring(b"Account\nben\n", "2026-09-23") == 302
    with scope(acme):
        assert Removal.objects.get().state == "gone"
        assert Version.objects.filter(artefact__title="Accounts of Ledger").count() == 3
