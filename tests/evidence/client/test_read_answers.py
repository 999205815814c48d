"""What comes back is read with suspicion: its size, its end, its form and its status."""

from __future__ import annotations

import gzip

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError
from tests.loopback import serve

PLAN = "Upgrade to GitHub Pro or make this repository public to enable this feature."


@pytest.mark.parametrize(
    ("status", "message", "reason"),
    [
        (401, "Bad credentials", Reason.DENIED), (403, "Resource not accessible by integration", Reason.DENIED),
        (403, PLAN, Reason.NOT_LICENSED),
        (403, "Code Security must be enabled for this repository", Reason.NOT_LICENSED),
        (403, "You have exceeded a secondary rate limit", Reason.RATE_LIMITED), (402, "", Reason.NOT_LICENSED),
        (404, "Not Found", Reason.DENIED), (422, "Validation Failed", Reason.MALFORMED), (301, "", Reason.MALFORMED),
        (500, "", Reason.UNREACHABLE), (410, "", Reason.MALFORMED), (451, "", Reason.DENIED),
    ],
)  # fmt: skip
def test_a_status_counts_for_its_own_reason(vendor, client, status, message, reason) -> None:
    vendor.say(status, {"message": message})
    with pytest.raises(CollectionError) as caught:
        client(attempts=1).get("/a")
    assert (caught.value.reason, caught.value.status) == (reason, status)
    assert caught.value.remedy.endswith(".")
    if status >= 400:
        assert message in caught.value.message


def test_a_collector_may_allow_a_status(vendor, client) -> None:
    vendor.say(404, {"message": "Branch not protected"})
    answer = client().get("/a", allow=(404,))
    assert (answer.status, answer.body["message"]) == (404, "Branch not protected")


def test_a_redirect_is_not_followed(vendor, client) -> None:
    vendor.say(302, Location="HOST/elsewhere")
    with pytest.raises(CollectionError, match="redirected"):
        client().get("/a")
    assert len(vendor.seen) == 1


def test_an_empty_answer_is_none(vendor, client) -> None:
    vendor.say(204)
    assert client().get("/a").body is None


@pytest.mark.parametrize("content", [b'{"a": [1, 2', b"<html>sign in</html>", b"\xff\xfe"])
def test_what_is_not_json_is_malformed(vendor, client, content) -> None:
    vendor.say(body=content)
    with pytest.raises(CollectionError, match="not JSON") as caught:
        client().get("/a")
    assert caught.value.reason is Reason.MALFORMED


def test_an_answer_that_breaks_off_is_malformed(vendor, client, heard) -> None:
    def short(environ, start_response):
        start_response("200 OK", [("Content-Length", "400")])
        return [b'[{"id": 1}']

    with serve(short) as address:
        vendor.address = address
        with pytest.raises(CollectionError, match="broke off") as caught:
            client().get("/a")
    assert caught.value.reason is Reason.MALFORMED
    assert len(heard.calls) == 4  # it may have been the network: it was asked again


def test_an_answer_that_is_too_large_is_left(vendor, client) -> None:
    vendor.say(body=b"[" + b" " * 5000 + b"]")
    with pytest.raises(CollectionError, match="larger than 4000 bytes"):
        client(max_bytes=4000).get("/a")


def test_it_counts_what_is_unpacked_and_not_what_was_sent(vendor, client) -> None:
    packed = gzip.compress(b"[" + b" " * 2_000_000 + b"]")
    assert len(packed) < 4000
    vendor.say(body=packed, Content_Encoding="gzip")
    with pytest.raises(CollectionError, match="larger than"):
        client(max_bytes=100_000).get("/a")


def test_an_answer_that_drips_is_left_after_four_timeouts(vendor, client) -> None:
    import time

    def drip(environ, start_response):
        start_response("200 OK", [])

        def body():
            for _ in range(100):
                time.sleep(0.04)
                yield b" "

        return body()

    with serve(drip) as address:
        vendor.address = address
        begun = time.monotonic()
        with pytest.raises(CollectionError, match="timed out"):
            client(timeout=0.1, attempts=1).get("/a")
    assert time.monotonic() - begun < 2
