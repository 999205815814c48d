"""Each call leaves a line for the run's page, and no line holds a secret."""

from __future__ import annotations

import pytest

from evidence.collectors.base import CollectionError


def test_a_call_is_logged_with_what_came_of_it(vendor, client, heard) -> None:
    vendor.say(body=[{}, {}, {}])
    client().get("/orgs/acme/members", {"role": "admin"})
    call = heard.calls[0]
    assert (call.call, call.status, call.rows, call.error) == ("GET /orgs/acme/members", 200, 3, "")
    assert call.parameters == {"role": "admin"}
    assert call.milliseconds >= 0


def test_a_failure_is_logged_in_the_vendors_words(vendor, client, heard) -> None:
    vendor.say(403, {"message": "Resource not accessible"})
    with pytest.raises(CollectionError):
        client().get("/a")
    assert heard.calls[0].error == "403: Resource not accessible"


def test_no_secret_is_logged_or_raised(vendor, client, heard) -> None:
    vendor.say(401, {"message": "Bad credentials"})
    with pytest.raises(CollectionError) as caught:
        client().post(
            "/token", {"token": "hush-1"}, data={"client_secret": "hush-2"}, headers={"X-Key": "hush-3"}
        )
    told = f"{heard.calls} {caught.value} {caught.value.remedy} {caught.value.call}"
    assert "hush" not in told
    assert vendor.seen[0][2]["authorization"] == "Bearer hush"
