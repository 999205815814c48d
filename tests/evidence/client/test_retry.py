"""A vendor that asks us to wait is waited for, within bounds, and a call is not made for ever."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

NOW = 1_782_800_000


def _date(seconds: int = 0) -> str:
    return formatdate(NOW + seconds, usegmt=True)


def test_it_waits_as_long_as_retry_after_says(vendor, client, heard) -> None:
    vendor.say(429, Retry_After="7").say(body={"ok": True})
    assert client().get("/a").body == {"ok": True}
    assert heard.waits == [7.0]
    assert [call.status for call in heard.calls] == [429, 200]


def test_a_date_is_reckoned_from_the_vendors_own_clock(vendor, client, heard) -> None:
    vendor.say(503, Retry_After=_date(40), Date=_date()).say(body={})
    client().get("/a")
    assert heard.waits == [40.0]


@pytest.mark.parametrize("prefix", ["X-RateLimit", "x-rate-limit"])
def test_an_exhausted_limit_is_waited_out(vendor, client, heard, prefix) -> None:
    headers = {f"{prefix}-Remaining": "0", f"{prefix}-Reset": str(NOW + 25), "Date": _date()}
    vendor.say(429, **headers).say(body={})
    client().get("/a")
    assert heard.waits == [25.0]


def test_a_403_over_the_limit_is_a_limit_and_not_a_denial(vendor, client, heard) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 5), "Date": _date()}
    vendor.say(403, {"message": "API rate limit exceeded"}, **headers).say(body={})
    client().get("/a")
    assert heard.waits == [5.0]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_without_a_word_it_waits_longer_each_time_and_then_gives_up(vendor, client, heard, status) -> None:
    vendor.say(status)
    with pytest.raises(CollectionError) as caught:
        client().get("/a")
    assert heard.waits == [1.0, 2.0, 4.0]
    assert len(vendor.seen) == 4
    assert caught.value.reason is (Reason.RATE_LIMITED if status == 429 else Reason.UNREACHABLE)


def test_it_does_not_wait_longer_than_a_run_can_afford(vendor, client, heard) -> None:
    vendor.say(429, Retry_After="3600")
    with pytest.raises(CollectionError) as caught:
        client().get("/a")
    assert heard.waits == []
    assert caught.value.reason is Reason.RATE_LIMITED
    assert caught.value.retry_after == 3600.0


def test_waits_add_up_to_the_bound(vendor, client, heard) -> None:
    vendor.say(429, Retry_After="50")
    with pytest.raises(CollectionError):
        client(attempts=9).get("/a")
    assert heard.waits == [50.0, 50.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
def test_what_will_not_mend_itself_is_not_asked_again(vendor, client, heard, status) -> None:
    vendor.say(status)
    with pytest.raises(CollectionError):
        client().get("/a")
    assert (len(vendor.seen), heard.waits) == (1, [])


def test_a_silent_vendor_is_asked_again_and_then_unreachable(vendor, client, heard) -> None:
    def sleepy(environ, start_response):
        time.sleep(0.4)
        start_response("200 OK", [])
        return [b"{}"]

    from tests.loopback import serve

    with serve(sleepy) as address:
        vendor.address = address
        with pytest.raises(CollectionError, match="timed out") as caught:
            client(timeout=0.05).get("/a")
    assert caught.value.reason is Reason.UNREACHABLE
    assert len(heard.calls) == 4


def test_a_post_that_got_no_answer_is_not_sent_twice(vendor, client, heard) -> None:
    vendor.address = "http://127.0.0.1:1"
    with pytest.raises(CollectionError, match="cannot connect"):
        client().post("/token", data={"client_secret": "hush"})
    assert len(heard.calls) == 1


def test_each_attempt_asks_for_leave_first(vendor, client, heard) -> None:
    vendor.say(429).say(429).say(body={})
    client().get("/a")
    assert heard.throttled == 3
