"""The sample company's Okta answers as the vendor's description says, and behaves as Okta does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from sample.base import DAYS, Clock
from sample.okta import OktaWorld, Trouble
from sample.okta.accounts import stamp
from tests.specs import OKTA, description, needs_specs

END = datetime(2026, 6, 30, 6, tzinfo=UTC)


@pytest.fixture
def world() -> OktaWorld:
    """The whole story told: every planted defect done, the mended ones mended."""
    clock = Clock(END)
    world = OktaWorld(clock)
    for day in range(DAYS + 1):
        clock.now = clock.at(day)
        for defect in world.planted:
            if defect.day == day:
                defect.plant(world)
            if defect.until == day:
                defect.mend(world)
    return world


Headers = list[tuple[str, str]]


def ask(world: OktaWorld, path: str, token: str | None = None, method: str = "GET") -> tuple[int, Any, Headers]:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ["PATH_INFO"], _, environ["QUERY_STRING"] = path.partition("?")
    environ |= {"REQUEST_METHOD": method, "HTTP_HOST": "okta.test"}
    environ["HTTP_AUTHORIZATION"] = f"SSWS {token or world.token}"
    answered: list[Any] = []
    body = b"".join(world.wsgi(environ, lambda status, headers: answered.extend((status, headers))))
    return int(answered[0].split()[0]), json.loads(body), answered[1]


def following(headers: Headers) -> str | None:
    for name, value in headers:
        if name == "Link" and 'rel="next"' in value:
            return value[value.index("/api") : value.index(">")]
    return None


def paths(world: OktaWorld) -> list[str]:
    user, app = world.account("moira.carmichael@halyard.example").id, world.apps["Slack"]["id"]
    rules = [f"/api/v1/policies/{id}/rules" for id in world.policies]
    types = ("ACCESS_POLICY", "MFA_ENROLL", "OKTA_SIGN_ON", "PASSWORD")
    group = ask(world, "/api/v1/groups")[1][1]["id"]
    return [
        "/api/v1/org", "/api/v1/users?limit=200", '/api/v1/users?filter=status%20eq%20"DEPROVISIONED"',
        "/api/v1/users/me",
        f"/api/v1/users/{user}/factors", f"/api/v1/users/{user}/roles", "/api/v1/iam/assignees/users",
        *(f"/api/v1/policies?type={type_}" for type_ in types), *rules, "/api/v1/apps?limit=200",
        f"/api/v1/apps/{app}/users", f"/api/v1/apps/{app}/groups", "/api/v1/groups", "/api/v1/groups/rules",
        f"/api/v1/groups/{group}/roles", "/api/v1/logs?limit=1000", "/api/v1/authenticators", "/api/v1/api-tokens",
        "/api/v1/zones", "/api/v1/threats/configuration", "/api/v1/logStreams", "/api/v1/devices",
        "/api/v1/device-assurances",
    ]  # fmt: skip


@needs_specs
@pytest.mark.specs
@pytest.mark.slow
def test_every_answer_keeps_to_the_vendors_description(world: OktaWorld) -> None:
    judge = description(OKTA)
    seen = set()
    for path in paths(world):
        status, body, _ = ask(world, path)
        assert status == 200, path
        plain = path.split("?")[0].replace("/users/me", "/users/00u1")
        assert list(judge.complaints("get", plain, 200, body)) == [], path
        seen.add(judge.template(plain))
    assert len(seen) >= 21


def test_without_the_token_nothing_is_told(world: OktaWorld) -> None:
    status, body, _ = ask(world, "/api/v1/users", token="wrong")
    assert (status, body["errorCode"]) == (401, "E0000011")


def test_nothing_can_be_written(world: OktaWorld) -> None:
    assert ask(world, "/api/v1/users", method="POST")[0] == 405


def test_pages_are_chained_to_the_end_and_no_longer_than_asked(world: OktaWorld) -> None:
    path, ids, pages = "/api/v1/users?limit=25", [], 0
    while path:
        _, body, headers = ask(world, path)
        assert len(body) <= 25
        ids += [user["id"] for user in body]
        pages += 1
        path = following(headers) or ""
    assert len(ids) == len(set(ids)) == len(world.active())
    assert pages == 5


def test_a_cursor_that_means_nothing_is_refused(world: OktaWorld) -> None:
    assert ask(world, "/api/v1/users?after=made-up")[0] == 400


def test_every_answer_tells_the_limit(world: OktaWorld) -> None:
    headers = dict(ask(world, "/api/v1/org")[2])
    assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= headers.keys()
    assert int(headers["x-rate-limit-remaining"]) > 0


def test_the_log_holds_ninety_days_and_nothing_that_has_not_happened(world: OktaWorld) -> None:
    events = ask(world, "/api/v1/logs?since=2000-01-01T00:00:00.000Z&limit=1000")[1]
    published = [event["published"] for event in events]
    assert published == sorted(published)
    assert stamp(world.clock.now - timedelta(days=90)) <= published[0]
    assert published[-1] <= stamp(world.clock.now)
    assert {"user.lifecycle.create", "user.lifecycle.deactivate", "user.account.privilege.grant"} <= {
        event["eventType"] for event in events
    }


def test_the_log_goes_on_for_ever_and_brings_each_event_once(world: OktaWorld) -> None:
    path, seen = "/api/v1/logs?since=2000-01-01T00:00:00.000Z&limit=30", []
    for _ in range(9):
        _, body, headers = ask(world, path)
        seen += [event["uuid"] for event in body]
        path = following(headers)
        assert path
    assert len(seen) == len(set(seen)) == len(world.log())
    assert body == []


def test_people_appear_when_they_start_and_close_when_they_leave() -> None:
    clock = Clock(END)
    world = OktaWorld(clock, clean=True)
    joiner, leaver = world.account("ewan.macaskill@halyard.example"), world.account("hugo.lindgren@halyard.example")
    for day, expected in ((100, (None, "ACTIVE")), (117, ("STAGED", "ACTIVE")), (129, ("ACTIVE", "ACTIVE")),
                          (130, ("ACTIVE", "DEPROVISIONED"))):  # fmt: skip
        clock.now = clock.at(day)
        assert (joiner.status(clock.now), leaver.status(clock.now)) == expected
    assert leaver.closed is not None
    assert timedelta(hours=9) < leaver.closed - clock.at(129) < timedelta(hours=13)


def test_nobody_signs_in_before_they_start_or_after_they_left(world: OktaWorld) -> None:
    for account in world.existing():
        last = account.last_login(world.clock.now)
        if last is not None:
            assert account.activated <= last <= world.clock.now
            assert account.closed is None or last <= account.closed


@pytest.mark.parametrize("end", [END, datetime(2027, 2, 28, 6, tzinfo=UTC), datetime(2028, 3, 1, 6, tzinfo=UTC)])
def test_the_story_is_the_same_whatever_day_it_ends_on(end: datetime) -> None:
    clock = Clock(end)
    clock.now = clock.at(131)
    world = OktaWorld(clock)
    absent = world.account("bronwyn.llewellyn@halyard.example")
    assert (clock.now - absent.last_login(clock.now)).days == 91
    reference = Clock(END)
    reference.now = reference.at(131)
    assert [a.login for a in world.active()] == [a.login for a in OktaWorld(reference).active()]


def test_trouble_strikes_where_and_as_often_as_ordered(world: OktaWorld) -> None:
    world.trouble = Trouble("429", on="/zones", times=1, retry_after=5)
    assert ask(world, "/api/v1/org")[0] == 200
    status, _, headers = ask(world, "/api/v1/zones")
    assert (status, dict(headers)["Retry-After"]) == (429, "5")
    assert ask(world, "/api/v1/zones")[0] == 200
