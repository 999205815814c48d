"""Every operation of the API against everyone: no token, another organisation's, one without the scope, the right one.

The list is the description itself, so an operation that is added is here at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from compliance.access.permissions import Permission
from compliance.people.scopes import GRANTABLE
from compliance.tenancy.rooms import scope
from controls.models import Control
from gaps.models import Gap
from tests.api.conftest import Caller
from tests.api.world import FILE, SHARED, Operation, body_of, every_operation, furnished
from tests.conftest import issue_token, join
from tests.house.neighbours import Neighbours, neighbours
from tests.house.opened import undone
from tests.house.world import World

#: Files for operations that read what is in them.
FILES = {"POST /api/v1/own-frameworks/import/": ("rules.csv", b"ref,title\n1,It holds.\n")}
OPEN_TO_ANY_TOKEN = {"GET /api/v1/tokens/current/", "DELETE /api/v1/tokens/current/"}
#: What the furnished world is in no state for; a conflict, not a refusal of the caller.
CONFLICTS = {
    "POST /api/v1/requests/{id}/assign/", "POST /api/v1/requests/{id}/take-up/", "POST /api/v1/requests/{id}/review/",
    "POST /api/v1/requests/{id}/send-back/", "POST /api/v1/requests/{id}/submit/", "PATCH /api/v1/requests/{id}/",
    "POST /api/v1/population-versions/{id}/withdraw/",
    "POST /api/v1/connections/{connection}/failures/ask/",  # nothing fails there: tests/gaps/test_except_a_source.py
    "POST /api/v1/connections/{connection}/failures/approve/", "POST /api/v1/connections/{connection}/failures/refuse/",
    "POST /api/v1/uploads/{id}/complete/", "POST /api/v1/uploads/{id}/hand-in/",
    "POST /api/v1/requests/{item}/evidence/", "DELETE /api/v1/requests/{item}/evidence/{id}/",
    "POST /api/v1/access-reviews/{id}/start/", "POST /api/v1/access-reviews/{id}/complete/",
    "POST /api/v1/access-lists/{id}/take/", "POST /api/v1/access-lists/{id}/bring/",
    "POST /api/v1/evidence-asks/{id}/accept/", "POST /api/v1/evidence-asks/{id}/send-back/",
}
#: What only the member whom it is asked of may do, whoever's token calls (tests/api/test_control_reviews.py).
OF_ANOTHER = {
    "POST /api/v1/control-reviews/{id}/attest/", "POST /api/v1/control-reviews/{id}/report-exception/",
    "POST /api/v1/control-reviews/{id}/skip/", "POST /api/v1/review-delegations/",
    "POST /api/v1/review-delegations/{id}/end/", "POST /api/v1/access-lists/{id}/sign/",
    "POST /api/v1/access-accounts/{id}/decide/", "POST /api/v1/evidence-asks/", "POST /api/v1/evidence-asks/{id}/withdraw/",
    "POST /api/v1/evidence-asks/{id}/send/",
}  # fmt: skip


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[Neighbours]:
    with neighbours(django_db_blocker, furnished) as found:
        yield found


@pytest.fixture()
def world(both: Neighbours) -> Iterator[World]:
    """Acme's; what a test adds to it goes with the test."""
    with undone():
        yield both.world


@pytest.fixture()
def theirs(both: Neighbours) -> World:
    return both.theirs


@pytest.fixture()
def caller(both: Neighbours, world: World) -> Caller:
    """Acme's token with every scope, made by its compliance manager."""
    return calls_with(both, *GRANTABLE)


def calls_with(both: Neighbours, *scopes: Any) -> Caller:
    return Caller(issue_token(both.acme, *scopes, created_by=both.mei.membership))


def ask(client: Client, operation: Operation, at: World, sent: World):
    """Make a call and undo whatever it did."""
    body = body_of(operation, sent)
    with transaction.atomic():
        if operation.media_type == FILE:
            name, content = FILES.get(operation.name, ("minutes.txt", b"Agreed."))
            file = SimpleUploadedFile(name, content, "text/plain")
            answer = client.post(operation.address(at), {**body, "file": file})
        else:
            kind = {"content_type": "application/json", "data": json.dumps(body)} if operation.method != "GET" else {}
            answer = client.generic(operation.method, operation.address(at), **kind)
        transaction.set_rollback(True)
    return answer


def wrong(found: list) -> list:
    return [line for line in found if line]


def test_every_operation_says_which_scope_it_needs():
    for operation in every_operation():
        assert operation.name in OPEN_TO_ANY_TOKEN or Permission(operation.scope) in GRANTABLE, operation.name


def test_without_a_token_nothing_answers(world):
    client = Client()
    for operation in every_operation():
        answer = ask(client, operation, world, world)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), operation.name


def test_without_its_scope_nothing_answers(world, both):
    found = []
    for operation in every_operation():
        if operation.name in OPEN_TO_ANY_TOKEN:
            continue
        others = calls_with(both, *(GRANTABLE - {Permission(operation.scope)}))
        answer = ask(others.client, operation, world, world)
        found.append(None if answer.status_code == 403 else (operation.name, answer.status_code))
    assert wrong(found) == []


def test_with_its_scope_everything_answers(both, world):
    """Femi's tokens: four eyes, so that what Mei provided or owns can be judged."""
    femi, found = join(both.acme, "femi@acme.example", "Femi Adeyemi", "approver"), []
    with scope(both.acme):
        Control.objects.update(population="Users of the ledger")
        Gap.objects.update(connection=None)  # one that a failure stands on is not retired: tests/evidence/test_pause_or_retire.py
    for operation in every_operation():
        if operation.path.endswith("/test/"):
            continue  # calls a vendor: tests/api/test_connections.py
        caller = Caller(issue_token(both.acme, *([operation.scope] if operation.scope else []), created_by=femi.membership))
        status = ask(caller.client, operation, world, world).status_code
        expected = {409} if operation.name in CONFLICTS else {200, 201, 202, 204}
        expected = {403} if operation.name in OF_ANOTHER else expected
        found.append(None if status in expected else (operation.name, status))
    assert wrong(found) == []


def test_anothers_things_do_not_exist(world, theirs, caller):
    """Every id of Borealis, asked for with Acme's token that has every scope."""
    found = []
    for operation in every_operation():
        if not operation.names_something or operation.collection in SHARED:
            continue
        answer = ask(caller.client, operation, theirs, world)
        leaked = b"borealis" in answer.content.lower()
        found.append(None if answer.status_code == 404 and not leaked else (operation.name, answer.status_code))
    assert wrong(found) == []


def test_anothers_things_cannot_be_referred_to(world, theirs, caller):
    """Acme's own things, with ids of Borealis in the body."""
    found = []
    for operation in every_operation():
        sent, own = body_of(operation, theirs), body_of(operation, world)
        foreign = [name for name in sent if sent[name] != own[name] and name not in {"effective_start", "effective_end"}]
        if not foreign:
            continue
        answer = ask(caller.client, operation, world, theirs)
        found.append(None if answer.status_code == 404 else (operation.name, answer.status_code, answer.content[:200]))
    assert wrong(found) == []
    assert len(found) >= 10


def test_no_list_shows_anything_of_another(world, theirs, caller):
    for operation in every_operation():
        if operation.method == "GET" and operation.collection not in SHARED:
            content = ask(caller.client, operation, world, world)
            body = b"".join(content.streaming_content) if content.streaming else content.content
            assert b"borealis" not in body.lower(), operation.name
