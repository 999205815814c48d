"""A write with an `Idempotency-Key` is done once, whatever becomes of the connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from compliance.access.permissions import Permission
from compliance.people import idempotency
from compliance.people.models import IdempotentAnswer, Token
from compliance.people.tasks import sweep_answers
from compliance.registers.models import System
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from compliance.web.idempotency import fingerprint
from tests.api.conftest import Caller
from tests.api.test_read_and_write import NEW, problem

KEY = {"Idempotency_Key": "0f0c2a52-import"}


def systems_of(acme) -> int:
    with scope(acme):
        return System.objects.count()


def test_the_same_write_again_gives_the_first_answer_and_does_nothing(caller, acme):
    first = caller.post("systems/", NEW, **KEY)
    again = caller.post("systems/", NEW, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["ETag"] == first["ETag"]
    assert again["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first
    assert systems_of(acme) == 1
    with scope(acme):
        assert Entry.objects.filter(action="registers.system.added").count() == 1


def test_without_a_key_it_is_done_twice(caller, acme):
    caller.post("systems/", NEW)
    caller.post("systems/", NEW)
    assert systems_of(acme) == 2


def test_the_same_key_with_another_request_is_refused(caller, acme):
    made = caller.post("systems/", NEW, **KEY).json()
    problem(caller.post("systems/", NEW | {"name": "Another"}, **KEY), 422)
    problem(caller.patch(f"systems/{made['id']}/", NEW, **KEY), 422)
    assert systems_of(acme) == 1


def test_it_holds_for_a_change_too(caller):
    made = caller.post("systems/", NEW).json()
    caller.patch(f"systems/{made['id']}/", {"name": "First"}, **KEY)
    caller.patch(f"systems/{made['id']}/", {"name": "Second"})
    assert caller.patch(f"systems/{made['id']}/", {"name": "First"}, **KEY).json()["name"] == "First"
    assert caller.get(f"systems/{made['id']}/").json()["name"] == "Second"


def test_what_failed_may_be_tried_again_with_the_same_key(caller, acme):
    problem(caller.post("systems/", {"name": "x"}, **KEY), 400)
    assert caller.post("systems/", NEW, **KEY).status_code == 201
    assert systems_of(acme) == 1


def test_a_key_belongs_to_one_token(caller, their_caller, borealis, acme):
    caller.post("systems/", NEW, **KEY)
    theirs = their_caller.post("systems/", NEW, **KEY)
    assert "Idempotent-Replay" not in theirs
    assert (systems_of(acme), systems_of(borealis)) == (1, 1)


def test_after_a_day_the_key_is_forgotten(caller, acme):
    caller.post("systems/", NEW, **KEY)
    with scope(acme):
        IdempotentAnswer.objects.update(created_at=now() - timedelta(hours=24))
    assert "Idempotent-Replay" not in caller.post("systems/", NEW, **KEY)
    assert systems_of(acme) == 2


@pytest.mark.parametrize("key", ["", "x" * 129, "with space", "ключ"])
def test_what_is_no_key_is_refused(caller, acme, key):
    problem(caller.post("systems/", NEW, Idempotency_Key=key), 400)
    assert systems_of(acme) == 0


def test_a_key_on_a_read_means_nothing(caller):
    assert caller.get("systems/", **KEY).status_code == 200
    assert "Idempotent-Replay" not in caller.get("systems/", **KEY)


def test_a_scope_that_was_taken_away_is_not_replayed_past(calls_with, acme):
    writer: Caller = calls_with(Permission.SCOPE_CHANGE)
    writer.post("systems/", NEW, **KEY)
    with scope(acme):
        Token.objects.update(scopes=[])
    problem(writer.post("systems/", NEW, **KEY), 403)


def test_the_same_key_at_the_same_moment_is_refused(caller, acme, monkeypatch):
    """Another connection holds the key, as the first request does until its transaction ends."""
    with scope(acme):
        token = Token.objects.get()
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(idempotency, "connection", other)
            assert idempotency._held(token, KEY["Idempotency_Key"])
        problem(caller.post("systems/", NEW, **KEY), 409)
        other.rollback()
        assert caller.post("systems/", NEW, **KEY).status_code == 201
    finally:
        other.close()


def test_files_are_the_same_by_their_bytes():
    class Upload:
        method = "POST"

        def __init__(self, content: bytes, name: str = "a.txt") -> None:
            self.data = {"file": SimpleUploadedFile(name, content), "title": "x"}

        def get_full_path(self) -> str:
            return "/api/v1/evidence/"

    assert fingerprint(Upload(b"one")) == fingerprint(Upload(b"one"))
    assert len({fingerprint(Upload(b"one")), fingerprint(Upload(b"two")), fingerprint(Upload(b"one", "b.txt"))}) == 3


def test_at_night_answers_older_than_a_day_are_forgotten_in_every_room(caller, their_caller, acme, borealis):
    caller.post("systems/", NEW, **KEY)
    their_caller.post("systems/", NEW, **KEY)
    for room in (acme, borealis):
        with scope(room):
            old = IdempotentAnswer.objects.get()
            IdempotentAnswer.objects.filter(pk=old.pk).update(created_at=now() - timedelta(hours=25))
    caller.post("systems/", NEW, Idempotency_Key="of-today")
    with scope(acme):  # a call of the same token has deleted its own: put one back that only the sweep can find
        today = IdempotentAnswer.objects.get()
        IdempotentAnswer.objects.create(
            token_id=today.token_id, key="of-yesterday", request_hash="x", status=201, body={},
            created_at=now() - timedelta(hours=25),
        )
    sweep_answers()
    with scope(acme):
        assert [each.key for each in IdempotentAnswer.objects.all()] == ["of-today"]
    with scope(borealis):
        assert not IdempotentAnswer.objects.exists()
