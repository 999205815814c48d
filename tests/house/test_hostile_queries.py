"""No query string makes a page or a list of the API fail: garbage in every parameter that it reads, alone and repeated, NUL
bytes, numbers of forty digits, cursors that nobody gave out. Which parameters a page reads is watched, not written down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.core.handlers import wsgi
from django.http import QueryDict
from django.test import Client

from compliance.web import keyset, pagination, throttling
from tests.api.rows import LISTS
from tests.api.world import Operation, every_operation
from tests.house.opened import Opened, opened, undone
from tests.house.test_every_url import address, room_urls
from tests.house.unprinted import unprinted

#: In each parameter alone.
SHARP = ["%00", "9" * 40, "%C2%B2", "9999-12-31", "0001-01-01", "00000000-0000-0000-0000-000000000000"]
#: In all parameters at once, twice each.
BLUNT = ["", "a%00b", "%FF%FE", "%ED%A0%80", "-1", "1e309", "NaN", "%D9%A3", "%25%5C_%27%22%3E%3C", "[]", "10000-01-01", "x" * 3000]
#: What a forged cursor may hold: each stands for every field of the order at once.
FORGED = ["\x00", "\ud800", "", "NaN", "99999-99-99T00:00:00Z", 10**40, -1, float("inf"), float("nan"), True, None, [1], {"a": 1}]
WHOLE = ["&" * 500, "=", "%", "%zz", "a=" * 500, "[]=1&[a]=2", "&".join(f"k{n}=1" for n in range(5_001))]


GARBLED = ("W10", "bnVsbA", "e30", "====", "%F0%9F%92%A9")


@dataclass
class Lists:
    """What a page asks of a cursor, watched: the name that the API writes into it, and how many fields its order has."""

    names: list[str]
    fields: int = 0

    def of_pages(self, cursor: str, length: int) -> Any:
        self.names, self.fields = [], length
        return READ_BY_PAGES(cursor, length)

    def of_lists(self, cursor: str, name: str, order: Any) -> Any:
        self.names, self.fields = [name], len(order)
        return READ_BY_LISTS(cursor, name, order)

    def forged(self) -> Iterator[str]:
        """Cursors that fit but for their values, then some that do not; what fails one way round fails the other too."""
        fitting = [("after", value) for value in FORGED] + [("before", value) for value in FORGED[:2]]
        for way, value in fitting:
            yield self._cursor(way, value, self.fields)
        for fields in {self.fields - 1, self.fields + 1}:
            yield self._cursor("after", FORGED[0], fields)
        yield from GARBLED

    def _cursor(self, way: str, value: Any, fields: int) -> str:
        packed = json.dumps([*self.names, way] + [value] * fields).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


READ_BY_PAGES, READ_BY_LISTS = keyset._read, pagination._read


class Watched(QueryDict):
    """A query that remembers what it was asked for."""

    read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().getlist(key, default)

    def __contains__(self, key: Any) -> bool:
        self.read.add(key)
        return super().__contains__(key)


@dataclass
class Asker:
    """Sends one client's requests and keeps what failed; whatever was done is undone."""

    client: Client
    monkeypatch: Any

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False

    def status(self, url: str, query: str) -> int:
        with undone():
            answer = self.client.get(f"{url}?{query}")
            answer.getvalue()
        return answer.status_code

    def parameters(self, url: str) -> list[str]:
        """What this page reads of its query. Some are read only where another is there."""
        with self.monkeypatch.context() as patched:
            Watched.read = set()
            patched.setattr(wsgi, "QueryDict", Watched)
            self.status(url, "")
            self.status(url, "&".join(f"{name}=1" for name in list(Watched.read)))
        return sorted(name for name in Watched.read if isinstance(name, str))

    def failures(self, url: str) -> list[tuple[str, str, int]]:
        lists, found = Lists([]), []
        with mock.patch.object(keyset, "_read", lists.of_pages), mock.patch.object(pagination, "_read", lists.of_lists):
            names = self.parameters(url)
        queries = [f"{name}={value}" for name in names for value in SHARP]
        queries += ["&".join(f"{name}={value}&{name}={value}" for name in names) for value in BLUNT if names]
        if "cursor" in names:
            queries += [f"cursor={cursor}" for cursor in lists.forged()]
        for query in queries:
            status = self.status(url, query)
            if status >= 500 or status < 200 or status == 429:
                found.append((url, query[:80], status))
        return found


@pytest.fixture(scope="module")
def room(django_db_setup: None, django_db_blocker: Any) -> Iterator[Opened]:
    # Without this most of what the API is asked would be refused as too many calls, and nothing would be learned.
    unlimited = mock.patch.object(throttling.TokenThrottle, "get_rate", return_value="1000000/min")
    with django_db_blocker.unblock(), undone(), unprinted(), unlimited:
        yield opened("acme", 1)


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return {operation.path: operation for operation in every_operation() if operation.method == "GET"}


PAGES = [
    pytest.param(namespace, pattern, id=f"{namespace}:{pattern.name}")
    for prefix in ("o/", "portal/")
    for namespace, pattern in room_urls(prefix)
]


@pytest.mark.parametrize(("namespace", "pattern"), PAGES)
def test_a_page_takes_any_query(namespace, pattern, room, monkeypatch):
    _ask(room.client_of(namespace), address(namespace, pattern, room.world, room.slug), monkeypatch)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_the_api_takes_any_query(path, room, operations, monkeypatch):
    _ask(room.api, operations[f"/api/v1/{path}/"].address(room.world), monkeypatch)


@pytest.mark.parametrize("query", WHOLE, ids=range(len(WHOLE)))
def test_a_query_that_is_none_is_no_fault_of_ours(query, room):
    """Whether a page or a list is asked, the same code takes a query apart."""
    assert Asker(room.manager, None).status("/o/acme/gaps/", query) in {200, 400}
    assert Asker(room.api, None).status("/api/v1/gaps/", query) in {200, 400}


@pytest.mark.parametrize("path", ["/o/acme/checks/%00/", "/invitation/%00/", "/seat/a%00b/", "/api/v1/checks/%00/", "/o/%00/", "/%00"])
def test_an_address_with_a_nul_byte_is_no_fault_of_ours(path, room):
    assert Asker(room.manager, None).status(path, "") in {400, 404}
    assert Asker(room.api, None).status(path, "") in {302, 400, 404}


def _ask(client: Client, url: str, monkeypatch: Any) -> None:
    asker = Asker(client, monkeypatch)
    if asker.status(url, "") != 405:
        assert asker.failures(url) == []
