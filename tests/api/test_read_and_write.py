"""What holds for every noun: who may call, what is answered, what an error looks like."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from compliance.access.permissions import Permission
from compliance.people.models import Token
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.api.conftest import Caller
from tests.factories.compliance import make_system

NEW = {"kind": "database", "name": "Ledger database"}


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body


def test_a_write_leaves_a_trail_with_the_tokens_name(caller, acme):
    made = caller.post("systems/", NEW)
    assert made.status_code == 201, made.content
    with scope(acme):
        entry = Entry.objects.get(action="registers.system.added")
    assert (entry.actor_kind, entry.actor_label, str(entry.target_id)) == ("token", "Token test", made.json()["id"])


def test_without_a_token_nothing_is_said(caller):
    body = problem(Client().get("/api/v1/systems/"), 401)
    assert "WWW-Authenticate" in Client().get("/api/v1/systems/")
    assert body["title"] == "Not authenticated"


@pytest.mark.parametrize("field", ["expires_at", "revoked_at"])
def test_an_ended_token_is_as_good_as_none(caller, acme, field):
    with scope(acme):
        Token.objects.update(**{field: now() - timedelta(seconds=1)})
    problem(caller.get("systems/"), 401)


@pytest.mark.parametrize("token", ["fw1_x", "fw1_" + "0" * 32 + "_x", "nonsense", "fw1_" + "f" * 32 + "_\udcff", ""])
def test_what_is_no_token_is_refused(db, token):
    problem(Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/systems/"), 401)


def test_a_call_needs_its_scope(calls_with):
    reader = calls_with(Permission.SCOPE_VIEW)
    assert reader.get("systems/").status_code == 200
    problem(reader.post("systems/", NEW), 403)
    problem(reader.get("workers/import/"), 405)
    problem(calls_with(Permission.GAP_VIEW).get("systems/"), 403)


def test_a_refused_write_writes_nothing(calls_with, acme):
    calls_with(Permission.SCOPE_VIEW).post("systems/", NEW)
    with scope(acme):
        assert not Entry.objects.filter(action__startswith="registers").exists()


def test_what_is_another_organisations_does_not_exist(caller, borealis, stranger):
    with scope(borealis):
        theirs = make_system(stranger.actor, "Borealis database")
    problem(caller.get(f"systems/{theirs.pk}/"), 404)
    problem(caller.patch(f"systems/{theirs.pk}/", {"name": "Mine"}), 404)
    problem(caller.get(f"systems/{theirs.pk}/decisions/"), 404)
    body = problem(caller.post("systems/", NEW | {"owner": str(stranger.membership.pk)}), 404)
    assert body["errors"] == {"owner": ["There is nothing here with this id."]}


def test_wrong_fields_are_named(caller):
    body = problem(caller.post("systems/", {"kind": "spaceship", "nmae": "x"}), 400)
    assert set(body["errors"]) == {"nmae"}
    assert set(problem(caller.post("systems/", {"kind": "spaceship"}), 400)["errors"]) == {"kind", "name"}


def test_a_services_refusal_is_named_by_field_too(caller):
    caller.post("systems/", NEW | {"external_id": "db:1"})
    body = problem(caller.post("systems/", NEW | {"external_id": "db:1"}), 400)
    assert "has this identifier already" in body["errors"]["external_id"][0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nonsense/", 404), ("", 404), ("systems", 404), ("systems/not-a-uuid/", 404), ("systems/?kind=x", 400),
        ("systems/?owner=1", 400), ("systems/?sevrity=x", 400), ("systems/?page_size=0", 400), ("systems/?page_size=201", 400),
        ("systems/?page_size=9999999999999", 400), ("systems/?page_size=٣", 400), ("systems/?cursor=x", 404),
        ("systems/?cursor=WyIiLCJhZnRlciIsIngiXQ", 404), ("systems/?ordering=name", 400), ("systems/?service_account=maybe", 400),
        ("systems/?external_id=%00", 400), ("trail/?since=yesterday", 400), ("organization/?x=1", 400),
    ],
)  # fmt: skip
def test_a_wrong_address_or_parameter_is_a_problem(caller, path, status):
    problem(caller.get(path), status)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400), (b"[]", "application/json", 400), (b'"x"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400), (b"[" * 100_000, "application/json", 400), (b"a=1", "text/plain", 415),
        (b'{"kind": "database", "name": "a\\u0000b"}', "application/json", 400),
        (b'{"kind": "database", "name": "\\ud800"}', "application/json", 400),
        (b'{"kind": "database", "name": 7}', "application/json", 400),
        (b'{"kind": "database", "name": "x", "service_account": "yes"}', "application/json", 400),
        (b'{"kind": "database", "name": "x", "data_classes": {"a": 1}}', "application/json", 400),
        (b'{"kind": "database", "name": NaN}', "application/json", 400),
        (b'{"kind": "database", "name": "' + b"x" * 201 + b'"}', "application/json", 400),
    ],
)  # fmt: skip
def test_a_wrong_body_is_a_problem(caller, body, media_type, status):
    problem(caller.client.post("/api/v1/systems/", body, media_type), status)


def test_what_an_endpoint_does_not_do_is_a_problem(caller):
    refused = caller.delete("systems/")
    problem(refused, 405)
    assert set(refused["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    problem(caller.get("systems/", Accept="text/html"), 406)


def test_an_address_without_its_slash_is_told_from_one_that_is_not_there(caller):
    assert "end in a slash: /api/v1/systems/" in problem(caller.get("systems"), 404)["detail"]
    assert "/api/v1/docs/" in problem(caller.get("nonsense"), 404)["detail"]
    problem(caller.post("systems", NEW), 404)


def test_a_token_that_calls_too_often_is_told_when_to_come_again(caller, monkeypatch):
    monkeypatch.setattr("compliance.web.throttling.TokenThrottle.get_rate", lambda self: "2/min")
    monkeypatch.setattr("compliance.web.throttling.TokenThrottle.timer", lambda self: 1_800_000_010.0)  # within one minute
    answers = [caller.get("organization/") for _ in range(3)]
    problem(answers[-1], 429)
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_a_token_knows_itself_and_can_end_itself(calls_with, acme):
    mine: Caller = calls_with()
    assert mine.get("tokens/current/").json()["name"] == "test"
    assert mine.delete("tokens/current/").status_code == 204
    problem(mine.get("tokens/current/"), 401)
    with scope(acme):
        assert Entry.objects.filter(action="people.token.revoked", actor_kind="token").exists()


def test_no_answer_holds_a_secret(caller, acme):
    with scope(acme):
        kept = Token.objects.get().secret_hash
    shown = caller.get("tokens/").content.decode()
    assert caller.token not in shown
    assert kept not in shown
