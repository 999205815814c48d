"""Lists in pages by key: every row once, both ways, at a cost that does not grow."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.frameworks.models import Requirement
from compliance.registers.models import System
from compliance.tenancy.rooms import scope
from tests.api.test_read_and_write import problem


def add_systems(acme, number: int, start: int = 0) -> None:
    with scope(acme):
        System.objects.bulk_create(
            [System(ref=f"SYS-{n:03}", kind="database", name=f"System {n}") for n in range(start, start + number)]
        )


def follow(caller, url: str, way: str = "next") -> list[list[dict]]:
    pages = []
    while url:
        page = caller.client.get(url).json()
        pages.append(page["results"])
        url = page[way] and page[way].removeprefix("http://testserver")
    return pages


def test_every_row_comes_once(caller, acme):
    add_systems(acme, 23)
    pages = follow(caller, "/api/v1/systems/?page_size=5")
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    names = [row["name"] for page in pages for row in page]
    assert names == [f"System {n}" for n in reversed(range(23))]


def test_one_can_walk_back(caller, acme):
    add_systems(acme, 12)
    url, last = "/api/v1/systems/?page_size=5", ""
    while url:
        last, url = url, (caller.client.get(url).json()["next"] or "").removeprefix("http://testserver")
    back = follow(caller, last, "previous")
    assert [row["name"] for page in reversed(back) for row in page] == [f"System {n}" for n in reversed(range(12))]


def test_a_row_that_comes_in_between_shifts_nothing(caller, acme):
    add_systems(acme, 4)
    first = caller.get("systems/?page_size=2").json()
    add_systems(acme, 1, start=10)
    second = caller.client.get(first["next"].removeprefix("http://testserver")).json()
    assert [row["name"] for row in second["results"]] == ["System 1", "System 0"]


def test_filters_go_with_the_cursor(caller, acme):
    add_systems(acme, 7)
    first = caller.get("systems/?page_size=3&kind=database").json()
    assert "kind=database" in urlsplit(first["next"]).query
    assert len(follow(caller, "/api/v1/systems/?page_size=3&kind=repository")[0]) == 0


def test_requirements_come_in_the_publishers_order(caller, acme):
    with scope(acme):
        wanted = list(Requirement.objects.filter(framework__key="soc2-tsc-2017").order_by("position").values_list("ref", flat=True))
    pages = follow(caller, "/api/v1/requirements/?framework_key=soc2-tsc-2017&page_size=30")
    assert [row["ref"] for page in pages for row in page] == wanted


def test_moments_of_a_cursor_keep_their_microseconds(caller, acme):
    """The trail is ordered by id; a page of one row at a time has to meet each entry once."""
    for n in range(5):
        caller.post("systems/", {"kind": "database", "name": f"System {n}"})
    pages = follow(caller, "/api/v1/trail/?page_size=1&action=registers.")
    assert len({row["id"] for page in pages for row in page}) == len(pages) == 5


def test_a_cursor_of_another_order_is_not_found(caller, acme):
    add_systems(acme, 3)
    cursor = urlsplit(caller.get("systems/?page_size=1").json()["next"]).query
    problem(caller.get(f"requirements/?{cursor}"), 404)


@pytest.mark.parametrize("page_size", [5, 50])
def test_nothing_is_counted(caller, acme, page_size):
    add_systems(acme, 60)
    with CaptureQueriesContext(connection, ) as queries:
        caller.get(f"systems/?page_size={page_size}")
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
