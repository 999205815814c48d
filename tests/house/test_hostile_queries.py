"""No query string makes a page or a list of the API fail: garbage in every parameter that it reads, alone and repeated, NUL
bytes, numbers of forty digits, cursors that nobody gave out. Which parameters a page reads is watched, not written down."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pytest
from django import forms
from django.core.handlers import wsgi
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from rest_framework.exceptions import NotFound

from compliance.web import keyset, pagination, throttling
from compliance.web.filters import Filter
from tests.api.rows import LISTS
from tests.api.world import Operation, every_operation
from tests.house.opened import Opened, opened, undone
from tests.house.test_every_url import address, room_urls
from tests.house.unprinted import unprinted

#: In each parameter: each of a page's with another at once, and alone where one of them was refused.
SHARP = ["%00", "9" * 40, "%C2%B2", "9999-12-31", "0001-01-01", "00000000-0000-0000-0000-000000000000"]
#: In all parameters at once, twice each.
BLUNT = ["", "a%00b", "%FF%FE", "%ED%A0%80", "-1", "1e309", "NaN", "%D9%A3", "%25%5C_%27%22%3E%3C", "[]", "10000-01-01", "x" * 3000]
#: What a forged cursor may hold: each stands for every field of the order at once.
FORGED = ["\x00", "\ud800", "", "NaN", "99999-99-99T00:00:00Z", 10**40, -1, float("inf"), float("nan"), True, None, [1], {"a": 1}]
WHOLE = ["&" * 500, "=", "%", "%zz", "a=" * 500, "[]=1&[a]=2", "&".join(f"k{n}=1" for n in range(5_001))]


#: Sharp values in one parameter at a time only, whatever the page made of several.
ALONE = bool(os.environ.get("HOSTILE_ALONE"))
GARBLED = ("W10", "bnVsbA", "e30", "====", "%F0%9F%92%A9")


@dataclass
class Lists:
    """What a page asks of a cursor, watched. When it asks for the first time, every forged cursor is tried on what it lists,
    there and then: what else the page does is the same for each of them, and is asked once for all. So with each order of it."""

    names: list[str] = field(default_factory=list)
    fields: int = 0
    tried: set[str] = field(default_factory=set)
    found: list[tuple[str, str]] = field(default_factory=list)

    def of_pages(self, cursor: str, length: int) -> Any:
        """In the place of `keyset._read`, which `keyset_page` calls."""
        asking = sys._getframe(1).f_locals
        found, order = asking["found"], asking["order"]
        self._try([], order, lambda forged: keyset.keyset_page(found, order=order, cursor=forged))
        return READ_BY_PAGES(cursor, length)

    def of_lists(self, cursor: str, name: str, order: Any) -> Any:
        """In the place of `pagination._read`, which a list of the API calls."""
        listed = sys._getframe(1).f_locals["queryset"]
        self._try([name], order, lambda forged: _rows_after(listed, forged, name, order))
        return READ_BY_LISTS(cursor, name, order)

    def _try(self, names: list[str], order: Any, ask: Callable[[str], Any]) -> None:
        if str(order) in self.tried:
            return
        self.tried.add(str(order))
        self.names, self.fields = names, len(order)
        for cursor in self.forged():
            try:
                with transaction.atomic():
                    ask(cursor)
            except Exception as error:
                self.found.append((cursor, repr(error)))

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


def _rows_after(listed: Any, cursor: str, name: str, order: Any) -> None:
    """What `CursorPagination` lists after a cursor; that it does not know one is an answer."""
    with suppress(NotFound):
        way, values = READ_BY_LISTS(cursor, name, order)
        walked = tuple(keyset.turned(each) for each in order) if way == "before" else order
        list(pagination._after(listed, walked, values, 51))


READ_BY_PAGES, READ_BY_LISTS, IS_VALID = keyset._read, pagination._read, forms.BaseForm.is_valid


class Refusals:
    """Whether a form that reads a query refused it as a whole. A `Filter` leaves out what it cannot read, and nothing else."""

    met = False

    def is_valid(self, form: forms.BaseForm) -> bool:
        valid = IS_VALID(form)
        self.met = self.met or not (valid or isinstance(form, Filter))
        return valid


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
    alone: bool = ALONE

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False

    def status(self, url: str, query: str) -> int:
        with undone():
            answer = self.client.get(f"{url}?{query}")
            answer.getvalue()
        return answer.status_code

    def parameters(self, url: str) -> list[str] | None:
        """What this page reads of its query, None where it is no page. Some are read only where another is there."""
        with self.monkeypatch.context() as patched:
            Watched.read = set()
            patched.setattr(wsgi, "QueryDict", Watched)
            if self.status(url, "") == 405:
                return None
            if Watched.read:
                self.status(url, "&".join(f"{name}=1" for name in list(Watched.read)))
        return sorted(name for name in Watched.read if isinstance(name, str))

    def failures(self, url: str) -> list[tuple[str, str, int]]:
        lists = Lists()
        with mock.patch.object(keyset, "_read", lists.of_pages), mock.patch.object(pagination, "_read", lists.of_lists):
            names = self.parameters(url)
        if names is None:
            return []
        found = [(url, *failed, 500) for failed in lists.found]
        for query in ["&".join(f"{name}={value}&{name}={value}" for name in names) for value in BLUNT if names]:
            found += self._fault(url, query)
        if lists.tried:
            found += self._fault(url, f"cursor={next(lists.forged())}")
        for turn in range(len(SHARP) if names else 0):
            found += self._sharp(url, {name: SHARP[(turn + place) % len(SHARP)] for place, name in enumerate(names)})
        return found

    def _sharp(self, url: str, values: dict[str, str]) -> list[tuple[str, str, int]]:
        """A sharp value in each parameter at once, each another; where the page may not have come to all of them since one
        was refused, each alone too."""
        found: list[tuple[str, str, int]] = []
        if not self.alone:
            refusals = Refusals()
            with mock.patch.object(forms.BaseForm, "is_valid", lambda form: refusals.is_valid(form)):
                status = self.status(url, "&".join(f"{name}={value}" for name, value in values.items()))
            if status == 200 and not refusals.met:
                return []
            found = _fault(url, f"{values}", status)
        return found + [fault for name, value in values.items() for fault in self._fault(url, f"{name}={value}")]

    def _fault(self, url: str, query: str) -> list[tuple[str, str, int]]:
        return _fault(url, query, self.status(url, query))


def _fault(url: str, query: str, status: int) -> list[tuple[str, str, int]]:
    return [(url, query[:80], status)] if status >= 500 or status < 200 or status == 429 else []


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
    # The API refuses whatever it cannot read, and a refusal costs little.
    _ask(room.api, operations[f"/api/v1/{path}/"].address(room.world), monkeypatch, alone=True)


@pytest.mark.parametrize("query", WHOLE, ids=range(len(WHOLE)))
def test_a_query_that_is_none_is_no_fault_of_ours(query, room):
    """Whether a page or a list is asked, the same code takes a query apart."""
    assert Asker(room.manager, None).status("/o/acme/gaps/", query) in {200, 400}
    assert Asker(room.api, None).status("/api/v1/gaps/", query) in {200, 400}


@pytest.mark.parametrize("path", ["/o/acme/checks/%00/", "/invitation/%00/", "/seat/a%00b/", "/api/v1/checks/%00/", "/o/%00/", "/%00"])
def test_an_address_with_a_nul_byte_is_no_fault_of_ours(path, room):
    assert Asker(room.manager, None).status(path, "") in {400, 404}
    assert Asker(room.api, None).status(path, "") in {302, 400, 404}


def _ask(client: Client, url: str, monkeypatch: Any, *, alone: bool = ALONE) -> None:
    assert Asker(client, monkeypatch, alone).failures(url) == []
