"""A vendor's limit is not used up: some of it stays for others, and what would pass it waits or pauses."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

NOW = 1_782_800_000


def _limit(left: int, resets: int, *, of: int = 1000, **more: str) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(of), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(NOW + resets),
        "Date": formatdate(NOW, usegmt=True), **more,
    }  # fmt: skip


def test_with_enough_left_nobody_waits(vendor, client, heard) -> None:
    vendor.say(body={}, **_limit(51, 3000))
    opened = client()
    for path in ("/a", "/b", "/c"):
        opened.get(path)
    assert heard.waits == []


def test_with_a_twentieth_left_it_waits_for_a_reset_that_is_near(vendor, client, heard) -> None:
    vendor.say(body={}, **_limit(50, 40, **{"X-RateLimit-Resource": "core"})).say(body={})
    opened = client()
    opened.get("/repos/acme/api")
    opened.get("/repos/acme/web")
    assert [round(wait) for wait in heard.waits] == [40], "one limit for all paths of a resource"


def test_a_reset_that_is_far_off_is_said_with_its_seconds_and_nothing_is_sent(vendor, client, heard) -> None:
    vendor.say(body={}, **_limit(7, 3000, **{"X-RateLimit-Resource": "core"}))
    opened = client()
    opened.get("/repos/acme/api")
    with pytest.raises(CollectionError, match="993 of the limit of 1000 calls are used") as refused:
        opened.get("/orgs/acme")
    assert refused.value.reason is Reason.RATE_LIMITED
    assert refused.value.retry_after == pytest.approx(3000, abs=5)
    assert len(vendor.seen) == 1
    assert heard.waits == []


def test_limits_of_kinds_of_address_stand_apart(vendor, client, heard) -> None:
    vendor.say(body={}, **_limit(7, 3000))
    opened = client()
    opened.get("/api/v1/logs")
    opened.get("/api/v1/users/1")
    with pytest.raises(CollectionError):
        opened.get("/api/v1/logs")


def test_a_limit_that_is_no_number_is_none(vendor, client, heard) -> None:
    vendor.say(body={}, **_limit(7, 3000) | {"X-RateLimit-Remaining": "few"})
    opened = client()
    opened.get("/a")
    opened.get("/a")
    assert heard.waits == []
