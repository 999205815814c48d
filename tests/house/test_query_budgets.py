"""Every page and every list of the API keeps to its committed number of queries, and takes as many in a crowded room as in a
sparse one. A new page without a budget fails this, and says how to give it one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.people.models import Membership, Token, User
from compliance.people.scopes import GRANTABLE
from compliance.people.secrets import digest, issue
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from tests.api.rows import LISTS
from tests.api.world import Operation, every_operation
from tests.conftest import Person
from tests.house.budgets import HOW, WRITING, Budgets
from tests.house.crowd import crowded
from tests.house.test_every_url import address, entrance_urls, room_urls
from tests.house.world import World

#: Rows of each noun beside the one that every room has.
SPARSE, CROWDED = 4, 60

URLS = {f"{namespace}:{pattern.name}": (namespace, pattern) for prefix in ("o/", "portal/") for namespace, pattern in room_urls(prefix)}
ENTRANCE = [pattern.name for _, pattern in entrance_urls()]
APIS = [f"GET /api/v1/{path}/" for path in LISTS]
EVERY = {*URLS, *ENTRANCE, *APIS}


@dataclass
class Furnished:
    """A room with its manager, its auditor and its token, each signed in."""

    slug: str
    world: World
    manager: Client
    auditor: Client
    api: Client


@pytest.fixture(scope="module")
def budgets() -> Iterator[Budgets]:
    kept = Budgets()
    yield kept
    if WRITING:
        kept.write(EVERY)


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Furnished]]:
    """A sparse room and a crowded one, made once for all pages and undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield [_furnished("sparse", SPARSE), _furnished("crowded", CROWDED)]
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return {operation.name: operation for operation in every_operation()}


def _furnished(slug: str, number: int) -> Furnished:
    organization = Organization.objects.create(name=slug.capitalize(), slug=slug, timezone="Europe/Lisbon")
    user = User.objects.create_user(f"mei@{slug}.example", None, name="Mei")
    handed, _ = issue(organization.pk)
    with scope(organization):
        member = Membership.objects.create(user=user, role="compliance_manager", name=user.name, email=user.email)
        Token.objects.create(
            name="budget", scopes=[str(each) for each in GRANTABLE], secret_hash=digest(handed), hint="abcd", created_by=member,
            expires_at=now().replace(year=now().year + 1, day=1), last_used_at=now(),
        )
    world = crowded(organization, Person(user, member), slug, number)
    manager, auditor = Client(), Client()
    manager.force_login(user)
    auditor.force_login(world.seat_user)
    return Furnished(slug, world, manager, auditor, Client(headers={"Authorization": f"Bearer {handed}"}))


def _read(client: Client, url: str) -> HttpResponse:
    """GET to the last byte; what it wrote down is undone, so that each visit is a first one."""
    with transaction.atomic():
        answer = client.get(url)
        answer.getvalue()
        transaction.set_rollback(True)
    return answer


def cost(client: Client, url: str) -> tuple[int, HttpResponse]:
    """Queries of one visit with warm caches: one visit before is not counted."""
    _read(client, url)
    with CaptureQueriesContext(connection) as found:
        answer = _read(client, url)
    return len([query for query in found if "SAVEPOINT" not in query["sql"]]), answer


def judge(budgets: Budgets, name: str, costs: list[int]) -> None:
    sparse, crowded_ = costs
    assert sparse == crowded_, f"{name} grows with its rows: {sparse} queries with {SPARSE} of each, {crowded_} with {CROWDED}."
    complaint = budgets.complaint(name, crowded_)
    assert not complaint, complaint


@pytest.mark.parametrize("name", URLS)
def test_a_page_keeps_to_its_budget_however_many_rows_there_are(name, rooms, budgets):
    (namespace, pattern), costs, answers = URLS[name], [], []
    for room in rooms:
        client = room.auditor if namespace == "portal" else room.manager
        number, answer = cost(client, address(namespace, pattern, room.world, room.slug))
        costs.append(number)
        answers.append(answer.status_code)
    if answers == [405, 405]:
        assert name not in budgets.allowed, f"{name} only takes what is sent to it and is no page: take it out with `{HOW}`."
        return
    assert answers in ([200, 200], [302, 302]), answers
    judge(budgets, name, costs)


@pytest.mark.parametrize("name", ENTRANCE)
def test_a_page_outside_of_the_rooms_keeps_to_its_budget(name, rooms, budgets):
    found = [cost(room.manager, reverse(name)) for room in rooms]
    statuses = {answer.status_code for _, answer in found}
    if statuses & {403, 404, 405}:  # sent to, or only for who has a second factor already
        assert len(statuses) == 1
        assert name not in budgets.allowed
        return
    assert statuses <= {200, 302}
    judge(budgets, name, [number for number, _ in found])


@pytest.mark.parametrize("name", APIS)
def test_a_list_of_the_api_keeps_to_its_budget_however_many_rows_there_are(name, rooms, budgets, operations):
    found = [cost(room.api, f"{operations[name].address(room.world)}?page_size=200") for room in rooms]
    assert [answer.status_code for _, answer in found] == [200, 200]
    judge(budgets, name, [number for number, _ in found])


def test_no_budget_is_kept_for_a_page_that_is_gone(budgets):
    gone = sorted(set(budgets.allowed) - EVERY)
    assert WRITING or gone == [], f"These pages are gone: take their budgets out with `{HOW}`."
