"""Connections and runs over the API: connected without a secret ever coming back, tested, run, read step by step."""

from __future__ import annotations

import pytest

from compliance.access.permissions import Permission
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.collectors.base import PermissionResult
from evidence.collectors.models import Connection
from evidence.collectors.registry import vendors
from evidence.collectors.secrets import opened
from tests.api.test_read_and_write import problem

SECRET = "ghp_never_to_be_seen"
NEW = {"vendor": "github", "name": "Code", "fields": {"organization": "ledger", "token": SECRET}, "every_minutes": 60}


@pytest.fixture()
def connection(caller) -> dict:
    made = caller.post("connections/", NEW)
    assert made.status_code == 201, made.content
    return made.json()


def test_a_vendor_is_connected(caller, acme, connection):
    assert (connection["slug"], connection["health"], connection["has_secret"]) == ("code", "untested", True)
    assert connection["config"]["organization"] == "ledger"
    assert connection["created_by"]["name"] == "Mei-Ling Chu"
    with scope(acme):
        assert opened(Connection.objects.get())["token"] == SECRET
        entry = Entry.objects.get(action="evidence.connection.created")
    assert SECRET not in str(entry.__dict__)


def test_its_secret_is_in_no_answer(caller, connection):
    answers = [caller.get("connections/"), caller.get(f"connections/{connection['id']}/"), caller.get("trail/")]
    answers.append(caller.patch(f"connections/{connection['id']}/", {"fields": {"token": SECRET + "2"}}))
    assert all(SECRET not in answer.content.decode() for answer in answers)


def test_aws_gets_an_external_id_of_ours(caller):
    role = "arn:aws:iam::111122223333:role/fieldwork"
    names = {field.name for field in vendors()["aws"].fields if field.required}
    made = caller.post("connections/", {"vendor": "aws", "name": "Prod", "fields": dict.fromkeys(names, role)})
    assert made.status_code == 201, made.content
    assert len(made.json()["config"]["external_id"]) == 36


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (NEW | {"vendor": "sap"}, "vendor"), (NEW | {"fields": {}}, "fields"), (NEW | {"fields": {"organisation": "x"}}, "fields"),
        (NEW | {"every_minutes": 1}, "every_minutes"), (NEW | {"every_minutes": "60"}, "every_minutes"),
        (NEW | {"secret": "x"}, "secret"), (NEW | {"fields": {"token": 1, "organization": "x"}}, "fields"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_was_sent(caller, body, field):
    assert set(problem(caller.post("connections/", body), 400)["errors"]) == {field}


def test_a_field_that_is_missing_is_named_below_fields(caller):
    errors = problem(caller.post("connections/", NEW | {"fields": {"organization": "x"}}), 400)["errors"]
    assert "token" in errors["fields"]


def test_it_is_paused_and_resumed(caller, connection):
    paused = caller.patch(f"connections/{connection['id']}/", {"active": False}).json()
    assert (paused["health"], paused["next_run_at"]) == ("paused", None)
    problem(caller.post(f"connections/{connection['id']}/runs/"), 409)
    assert caller.patch(f"connections/{connection['id']}/", {"active": True}).json()["next_run_at"]


def test_testing_says_which_permission_is_missing(caller, connection, monkeypatch):
    answer = [PermissionResult("read:org", False, "Refused.", "Grant it."), PermissionResult("repo", True, "There.")]
    github = vendors()["github"]
    monkeypatch.setitem(vendors(), "github", _with(github, test=lambda context: answer))
    tested = caller.post(f"connections/{connection['id']}/test/").json()
    assert (tested["health"], tested["health_note"]) == ("degraded", "Missing: read:org")
    assert tested["test_results"][0] == {
        "permission": "read:org", "allowed": False, "message": "Refused.", "remedy": "Grant it.",
    }  # fmt: skip


def _with(vendor, **changed):
    from dataclasses import replace

    return replace(vendor, **changed)


def test_a_run_is_asked_for_and_followed(caller, acme, connection, django_capture_on_commit_callbacks):
    asked = caller.post(f"connections/{connection['id']}/runs/", {"kinds": ["github.org"]})
    assert asked.status_code == 202, asked.content
    run = asked.json()
    assert (run["state"], run["trigger"], run["requested_by"], run["kinds"]) == ("due", "api", "Token test", ["github.org"])
    detail = caller.get(f"runs/{run['id']}/").json()
    assert "github.org" in [step["fact_kind"] for step in detail["steps"]]
    assert [row["id"] for row in caller.get("runs/?state=due").json()["results"]] == [run["id"]]
    assert caller.get(f"runs/{run['id']}/steps/").json()["results"][0]["log"] == []
    with scope(acme):
        assert Entry.objects.get(action="evidence.run.requested").actor_label == "Token test"


def test_one_that_is_unfinished_is_given_back(caller, connection):
    first = caller.post(f"connections/{connection['id']}/runs/").json()
    assert caller.post(f"connections/{connection['id']}/runs/").json()["id"] == first["id"]


def test_a_kind_that_the_vendor_does_not_have_is_refused(caller, connection):
    problem(caller.post(f"connections/{connection['id']}/runs/", {"kinds": ["aws.iam.users"]}), 400)
    problem(caller.post(f"connections/{connection['id']}/runs/", {"kinds": []}), 400)


def test_starting_a_run_is_a_scope_of_its_own(calls_with, connection):
    problem(calls_with(Permission.CONNECTION_MANAGE).post(f"connections/{connection['id']}/runs/"), 403)
    assert calls_with(Permission.RUN_START).post(f"connections/{connection['id']}/runs/").status_code == 202


def test_the_catalogues_are_there(caller):
    vendor = caller.get("vendors/github/").json()
    assert {field["name"] for field in vendor["fields"]} >= {"organization", "token"}
    kinds = caller.get("fact-kinds/?page_size=200").json()["results"]
    checks = caller.get("checks/?page_size=200").json()["results"]
    assert len(kinds) == sum(len(each.kinds) for each in vendors().values())
    assert len(checks) >= 60
    assert {kind["id"] for kind in kinds if kind["pushed"]} >= {"push.accounts", "push.findings"}
    assert caller.get(f"checks/{checks[0]['id']}/").json() == checks[0]
    problem(caller.get("checks/no.such/"), 404)


def test_a_catalogue_is_paged_too(caller):
    met, address = [], "/api/v1/checks/?page_size=7"
    while address:
        page = caller.client.get(address).json()
        met += [row["id"] for row in page["results"]]
        address = (page["next"] or "").removeprefix("http://testserver")
    assert met == sorted(set(met))
    assert len(met) >= 60
