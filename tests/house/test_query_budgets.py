"""Every page and every list of the API keeps to its committed number of queries, and takes as many in a crowded room as in a
sparse one. A new page without a budget fails this, and says how to give it one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.readiness import waiting
from compliance.people import middleware
from tests.api.rows import LISTS
from tests.api.world import Operation, every_operation
from tests.house.budgets import HOW, WRITING, Budgets
from tests.house.opened import Opened, opened, undone
from tests.house.test_every_url import address, entrance_urls, room_urls
from tests.house.unprinted import unprinted

#: Rows of each noun beside the one that every room has.
SPARSE, CROWDED = 4, 60

URLS = {f"{namespace}:{pattern.name}": (namespace, pattern) for prefix in ("o/", "portal/") for namespace, pattern in room_urls(prefix)}
ENTRANCE = [pattern.name for _, pattern in entrance_urls()]
APIS = [f"GET /api/v1/{path}/" for path in LISTS]
EVERY = {*URLS, *ENTRANCE, *APIS}


@pytest.fixture(scope="module")
def budgets() -> Iterator[Budgets]:
    kept = Budgets()
    yield kept
    if WRITING:
        kept.write(EVERY)


@pytest.fixture(scope="module")
def rooms(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Opened]]:
    """A sparse room and a crowded one, made once for all pages and undone at the end."""
    with django_db_blocker.unblock(), undone(), unprinted(), pytest.MonkeyPatch.context() as patch:
        # What waits for somebody is counted anew each minute: that minute must not end between two visits.
        patch.setattr(waiting, "KEPT_SECONDS", 86_400)
        # A token's last use is written once a minute: which visit that falls to is chance.
        patch.setattr(middleware, "_remember_use", lambda token: None)
        yield [opened("sparse", SPARSE), opened("crowded", CROWDED)]


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return {operation.name: operation for operation in every_operation()}


def _read(client: Client, url: str) -> HttpResponse:
    """GET to the last byte; what it wrote down is undone, so that each visit is a first one."""
    with undone():
        answer = client.get(url)
        answer.getvalue()
    return answer


def _queries(client: Client, url: str) -> tuple[int, HttpResponse]:
    reset_queries()  # the log holds some thousand, and would count what lies beyond as nothing
    with CaptureQueriesContext(connection) as found:
        answer = _read(client, url)
    return len([query for query in found if "SAVEPOINT" not in query["sql"]]), answer


def costs_of(budgets: Budgets, name: str, visits: list[tuple[Client, str]]) -> tuple[list[int], list[HttpResponse]]:
    """Queries of one visit to each room. What a first visit finds within its budget, and alike, stands; else caches were
    cold, or a minute's cache ended between two visits, and a later visit with warm ones is counted."""
    found = [_queries(client, url) for client, url in visits]
    for _ in range(2):
        numbers = {number for number, _ in found}
        if not WRITING and len(numbers) == 1 and numbers.pop() <= budgets.allowed.get(name, -1):
            break
        found = [_queries(client, url) for client, url in visits]
    return [number for number, _ in found], [answer for _, answer in found]


def judge(budgets: Budgets, name: str, costs: list[int]) -> None:
    sparse, crowded = costs
    assert sparse == crowded, f"{name} grows with its rows: {sparse} queries with {SPARSE} of each, {crowded} with {CROWDED}."
    assert crowded or not budgets.allowed.get(name), f"{name} was counted as no query at all: the count is wrong."
    complaint = budgets.complaint(name, crowded)
    assert not complaint, complaint


@pytest.mark.parametrize("name", URLS)
def test_a_page_keeps_to_its_budget_however_many_rows_there_are(name, rooms, budgets):
    namespace, pattern = URLS[name]
    visits = [(room.client_of(namespace), address(namespace, pattern, room.world, room.slug)) for room in rooms]
    costs, found = costs_of(budgets, name, visits)
    answers = [answer.status_code for answer in found]
    if answers == [405, 405]:
        assert name not in budgets.allowed, f"{name} only takes what is sent to it and is no page: take it out with `{HOW}`."
        return
    assert answers in ([200, 200], [302, 302]), answers
    judge(budgets, name, costs)


@pytest.mark.parametrize("name", ENTRANCE)
def test_a_page_outside_of_the_rooms_keeps_to_its_budget(name, rooms, budgets):
    costs, found = costs_of(budgets, name, [(room.manager, reverse(name)) for room in rooms])
    statuses = {answer.status_code for answer in found}
    if statuses & {403, 404, 405}:  # sent to, or only for who has a second factor already
        assert len(statuses) == 1
        assert name not in budgets.allowed
        return
    assert statuses <= {200, 302}
    judge(budgets, name, costs)


@pytest.mark.parametrize("name", APIS)
def test_a_list_of_the_api_keeps_to_its_budget_however_many_rows_there_are(name, rooms, budgets, operations):
    visits = [(room.api, f"{operations[name].address(room.world)}?page_size=200") for room in rooms]
    costs, found = costs_of(budgets, name, visits)
    assert [answer.status_code for answer in found] == [200, 200]
    judge(budgets, name, costs)


def test_no_budget_is_kept_for_a_page_that_is_gone(budgets):
    gone = sorted(set(budgets.allowed) - EVERY)
    assert WRITING or gone == [], f"These pages are gone: take their budgets out with `{HOW}`."
