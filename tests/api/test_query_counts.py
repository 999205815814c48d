"""What a list costs does not grow with its rows: the same queries for 5 rows as for 50, and no count of a table."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.tenancy.rooms import scope
from tests.api.rows import LISTS, Maker
from tests.api.world import Operation, every_operation, furnished
from tests.house.world import World

MOST = 12


@pytest.fixture()
def world(acme, mei) -> World:
    return furnished(acme, mei, "acme")


def test_every_list_is_here():
    listed = {
        operation.path.removeprefix("/api/v1/").strip("/")
        for operation in every_operation()
        if operation.method == "GET" and not operation.path.endswith("{id}/")
    }
    one_of_a_kind = {
        "organization", "tokens/current", "dashboard", "boundary", "programmes/{programme}/readiness", "versions/{id}/content",
        "packs/{id}/content", "population-versions/{id}/rows", "fact-kinds/{id}/schema", "evidence-requirements/{id}/template",
        "frameworks/{framework}/coverage/{by}", "programmes/{programme}/carried", "descriptions/{id}/lacks",
            "programmes/{programme}/selection", "programmes/{programme}/timing", "programmes/{programme}/exits",
        "log/leaves/{index}", "log/checkpoints/{size}", "log/consistency", "log/key",
            "programmes/{programme}/tolerance", "connections/{connection}/failures",
    }  # fmt: skip
    assert listed - one_of_a_kind == set(LISTS)


def cost_of(caller, acme, world: World, operation: Operation, maker: Maker | None, number: int) -> int:
    """How many queries a list of so many rows takes. What was made for it is undone."""
    size = 200 if maker else number
    with transaction.atomic():
        if maker is not None:
            with scope(acme):
                maker(world, number)
        with CaptureQueriesContext(connection) as found:
            answer = caller.client.get(f"{operation.address(world)}?page_size={size}")
        transaction.set_rollback(True)
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["results"]) >= (number if maker else 1), operation.name
    queries = [query["sql"] for query in found if "SAVEPOINT" not in query["sql"]]
    assert not [sql for sql in queries if sql.startswith("SELECT COUNT(*)")], operation.name
    return len(queries)


def test_a_list_costs_the_same_at_50_rows_as_at_5(caller, acme, world):
    caller.get("organization/")  # so that the token's last use is not written in between
    found = {operation.path: operation for operation in every_operation() if operation.method == "GET"}
    costs = {
        path: [cost_of(caller, acme, world, found[f"/api/v1/{path}/"], maker, number) for number in (5, 50)]
        for path, maker in LISTS.items()
    }
    assert {path: cost for path, cost in costs.items() if cost[0] != cost[1] or cost[1] > MOST} == {}
