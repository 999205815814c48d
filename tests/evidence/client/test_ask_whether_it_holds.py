"""A vendor that takes conditional requests is asked whether its last answer still holds."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Kept
from evidence.collectors.client import VendorClient


class Shelf:
    """Answers kept for the time of a test."""

    def __init__(self) -> None:
        self.held: dict[str, Kept] = {}

    def find(self, address: str) -> Kept | None:
        return self.held.get(address)

    def keep(self, address: str, answer: Kept) -> None:
        self.held[address] = answer


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def asking(client: Any, shelf: Shelf) -> VendorClient:
    opened: VendorClient = client(conditional=True)
    opened._validators = shelf
    return opened


def test_an_answer_that_still_holds_is_the_one_that_was_kept(vendor, asking, shelf, heard) -> None:
    vendor.say(body=[{"id": 1}], ETag='W/"abc"').say(304)
    assert asking.get("/a", {"page": 1}).body == [{"id": 1}]
    again = asking.get("/a", {"page": 1})
    assert (again.status, again.body) == (200, [{"id": 1}])
    assert vendor.seen[1][2]["if_none_match"] == 'W/"abc"'
    assert [(call.status, call.rows) for call in heard.calls] == [(200, 1), (304, 1)]


def test_a_time_is_asked_about_where_there_is_no_tag(vendor, asking) -> None:
    vendor.say(body={}, Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT").say(304)
    asking.get("/a")
    asking.get("/a")
    assert vendor.seen[1][2]["if_modified_since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_what_changed_takes_its_place(vendor, asking, shelf) -> None:
    vendor.say(body={"n": 1}, ETag='"1"').say(body={"n": 2}, ETag='"2"').say(304)
    assert [asking.get("/a").body["n"] for _ in range(3)] == [1, 2, 2]
    assert vendor.seen[2][2]["if_none_match"] == '"2"'
    assert len(shelf.held) == 1


def test_a_list_goes_on_where_it_went_on_before(vendor, asking) -> None:
    link = '<HOST/a?page=2>; rel="next"'
    vendor.say(body=[{"id": 1}], ETag='"1"', Link=link).say(body=[{"id": 2}], ETag='"2"').say(304)
    assert [len(page.body) for page in asking.pages("/a")] == [1, 1]
    assert [page.body for page in asking.pages("/a")] == [[{"id": 1}], [{"id": 2}]]
    assert [path for _, path, _ in vendor.seen] == ["/a", "/a?page=2", "/a", "/a?page=2"]


def test_what_is_asked_once_is_not_kept(vendor, asking, shelf) -> None:
    vendor.say(body={}, ETag='"1"')
    asking.get("/a", once=True)
    assert shelf.held == {}


def test_other_parameters_are_another_address(vendor, asking, shelf) -> None:
    vendor.say(body={}, ETag='"1"')
    for page in (1, 2):
        asking.get("/a", {"page": page, "size": 5})
    asking.get("/a", {"size": 5, "page": 1})
    assert len(shelf.held) == 2


def test_a_vendor_that_was_not_asked_so_may_not_answer_so(vendor, asking) -> None:
    vendor.say(304)
    with pytest.raises(CollectionError) as refused:
        asking.get("/a")
    assert refused.value.reason is Reason.MALFORMED
