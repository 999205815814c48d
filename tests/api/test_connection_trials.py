"""A connection is tested outside any transaction: a vendor that takes its time holds no lock and no room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection as database
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.people.models import IdempotentAnswer
from compliance.tenancy.rooms import current, scope
from compliance.trail.models import Entry
from evidence.collectors.base import PermissionResult
from evidence.collectors.models import Connection
from evidence.collectors.registry import vendors
from evidence.collectors.services.connect import change_connection
from tests.api.conftest import Caller
from tests.api.test_read_and_write import problem

pytestmark = pytest.mark.django_db
NEW = {"vendor": "github", "name": "GitHub", "fields": {"organization": "acme", "token": "ghp_secret"}}
SAID = [PermissionResult("read:org", False, "Refused.", "Grant it."), PermissionResult("repo", True, "There.")]


@pytest.fixture
def caller(acme, token_of) -> Caller:
    return Caller(token_of(acme, Permission.CONNECTION_VIEW, Permission.CONNECTION_MANAGE))


@pytest.fixture
def pk(caller) -> str:
    return caller.post("connections/", NEW).json()["id"]


@pytest.fixture
def vendor(monkeypatch):
    """A vendor that notes where it was called, and does what a test wants meanwhile."""
    seen: dict = {"at": [], "meanwhile": lambda: None, "secrets": []}
    outermost = len(database.savepoint_ids)  # the test itself is a transaction: a room in it would be one savepoint more

    def test(context):
        seen["at"].append((len(database.savepoint_ids) > outermost, current()))
        seen["secrets"].append(dict(context.secret))
        seen["meanwhile"]()
        return SAID

    monkeypatch.setitem(vendors(), "github", replace(vendors()["github"], test=test))
    return seen


def test_the_api_calls_the_vendor_in_no_transaction_and_in_no_room(caller, pk, vendor, acme):
    answer = caller.post(f"connections/{pk}/test/")
    assert vendor["at"] == [(False, None)]
    assert vendor["secrets"] == [{"token": "ghp_secret"}]
    assert (answer.status_code, answer.json()["health"], answer.json()["health_note"]) == (200, "degraded", "Missing: read:org")
    assert answer["ETag"]
    with scope(acme):
        assert Entry.objects.filter(action="evidence.connection.tested").count() == 1


def test_the_page_does_the_same_and_says_what_is_missing(caller, pk, vendor, mei):
    answer = mei.client.post(reverse("connections:test", args=["acme", pk]), follow=True)
    assert vendor["at"] == [(False, None)]
    assert "1 of 2 permissions are missing." in answer.content.decode()


def test_with_a_key_it_is_tested_once(caller, pk, vendor, acme):
    key = {"Idempotency_Key": "test-once"}
    first, again = (caller.post(f"connections/{pk}/test/", **key) for _ in range(2))
    assert len(vendor["at"]) == 1
    assert (again.json(), again["Idempotent-Replay"]) == (first.json(), "true")
    with scope(acme):
        assert IdempotentAnswer.objects.get(key="test-once").body["health"] == "degraded"


def test_the_same_call_while_the_first_one_waits_is_answered_too(caller, pk, vendor, acme):
    key, answers = {"Idempotency_Key": "twice-at-once"}, []

    def again() -> None:
        vendor["meanwhile"] = lambda: None
        answers.append(caller.post(f"connections/{pk}/test/", **key))

    vendor["meanwhile"] = again
    answers.append(caller.post(f"connections/{pk}/test/", **key))
    assert [answer.status_code for answer in answers] == [200, 200]
    with scope(acme):
        assert IdempotentAnswer.objects.filter(key="twice-at-once").count() == 1


def test_what_was_changed_meanwhile_is_not_said_to_be_tested(caller, pk, vendor, acme, mei):
    def change() -> None:
        with scope(acme):
            found = Connection.objects.get(pk=pk)
            change_connection(actor=mei.actor, connection=found, fields={"token": "ghp_other"})

    vendor["meanwhile"] = change
    problem(caller.post(f"connections/{pk}/test/", Idempotency_Key="try"), 409)
    with scope(acme):
        assert Connection.objects.get(pk=pk).tested_at is None
        assert not IdempotentAnswer.objects.filter(key="try").exists()
    said = mei.client.post(reverse("connections:test", args=["acme", pk]), follow=True).content.decode()
    assert "was changed while it was tested" in said


def test_who_may_not_test_it_calls_nobody(pk, vendor, acme, stranger, token_of):
    problem(Caller(token_of(acme, Permission.CONNECTION_VIEW)).post(f"connections/{pk}/test/"), 403)
    assert stranger.client.post(reverse("connections:test", args=["acme", pk])).status_code == 404
    assert vendor["at"] == []
