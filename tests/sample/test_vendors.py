"""The sample vendors' servers: a connection stays open from one call to the next, and no call is taken for another."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from sample.base import Clock
from sample.github.world import TOKEN
from sample.vendors import SampleVendors


@pytest.fixture(scope="module")
def github() -> Iterator[str]:
    vendors = SampleVendors(Clock.ending_today())
    yield urlsplit(vendors.endpoints["github"]).netloc
    vendors.close()
    vendors.worlds["aws"].close()


@pytest.fixture
def connection(github: str) -> Iterator[HTTPConnection]:
    made = HTTPConnection(github, timeout=10)
    made.connect()
    yield made
    made.close()


def ask(connection: HTTPConnection, method: str = "GET", body: object = None) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    connection.request(method, "/orgs/halyard-payments", body, headers)  # type: ignore[arg-type]
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_many_calls_go_through_one_connection(connection: HTTPConnection) -> None:
    door = connection.sock
    assert [ask(connection) for _ in range(5)] == [200] * 5
    assert connection.sock is door


def test_a_body_that_nobody_read_is_not_the_next_call(connection: HTTPConnection) -> None:
    door = connection.sock
    assert ask(connection, "POST", b"GET /not/a/call HTTP/1.1\r\n\r\n") == 404
    assert ask(connection) == 200
    assert connection.sock is door


def test_nor_is_one_that_was_sent_in_pieces(connection: HTTPConnection) -> None:
    door = connection.sock
    assert ask(connection, "POST", iter([b"one", b"two"])) == 404
    assert ask(connection) == 200
    assert connection.sock is door
