"""The audit log: read week by week from as far back as GitHub keeps it, then from where it was left, with its holes told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evidence.checks.base import REGISTRY, Facts, FactSet, Outcome, Reason, in_sum, run
from evidence.checks.github.organization import audit_log as _registered  # noqa: F401
from evidence.collectors.base import Context, Page, collect_all
from evidence.collectors.github.audit_log import RETENTION
from evidence.collectors.github.vendor import VENDOR
from sample.github import GitHubWorld, audit_events
from sample.github.trouble import Trouble
from tests.evidence.github.judging import collected
from tests.loopback import serve_open

KIND = VENDOR.kind("github.audit_log")
Connect = Callable[..., Context]


class Follower:
    """Looks again and again, keeping pages and cursor as the product does."""

    def __init__(self, world: GitHubWorld, connect: Connect) -> None:
        self.world, self.connect = world, connect
        self.cursor: Any = None
        self.pages: list[Page] = []
        self.phrases: list[str] = []

    def look(self) -> Reason | None:
        context = self.connect(cursor=self.cursor)
        context.now = self.world.clock.now
        pages, reason, _ = collected(context, [KIND.id])[KIND.id]
        self.pages += pages
        self.cursor = context.next_cursor or self.cursor
        self.phrases = [page.parameters["phrase"] for page in pages if "phrase" in page.parameters]
        return reason

    def rows(self) -> list[Any]:
        return list(KIND.rows(self.pages))

    def outcome(self) -> Outcome:
        facts = Facts(self.world.clock.now, {KIND.id: FactSet(KIND.id, self.rows(), self.world.clock.now)})
        return in_sum(run(REGISTRY["github.org.audit_log"], facts))


@pytest.fixture
def follower(world: GitHubWorld, connect: Connect) -> Follower:
    world.clock.now = world.clock.at(20)
    return Follower(world, connect)


def test_the_first_look_reads_all_that_github_keeps(follower: Follower, world: GitHubWorld) -> None:
    assert follower.look() is None
    assert len(follower.phrases) == 26
    ids = {row["id"] for row in follower.rows() if row["id"]}
    assert ids == {event["_document_id"] for event in audit_events.events(world)}
    assert follower.outcome() is Outcome.PASS


def test_the_next_look_goes_on_from_there_and_tells_no_event_twice(follower: Follower, world: GitHubWorld) -> None:
    follower.look()
    before = {row["id"] for row in follower.rows()}
    world.clock.now += timedelta(days=9)
    follower.look()
    assert len(follower.phrases) == 2
    after = [row["id"] for row in follower.rows()]
    assert len(after) == len(set(after))
    assert before < set(after)


def test_several_pages_of_a_week_are_followed(follower: Follower, world: GitHubWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [audit_events._event(world.clock.now - timedelta(minutes=n), "repo.access", "ana") for n in range(250)]
    monkeypatch.setattr(audit_events, "events", lambda _: sorted(many, key=lambda event: event["@timestamp"]))
    follower.look()
    assert len([row for row in follower.rows() if row["id"]]) == 250
    assert max(follower.phrases.count(phrase) for phrase in follower.phrases) == 3


def test_a_pause_longer_than_github_keeps_is_a_hole_for_ever(follower: Follower, world: GitHubWorld) -> None:
    follower.look()
    left = world.clock.now
    world.clock.now = left + RETENTION + timedelta(days=12)
    follower.look()
    (row, *_) = follower.rows()
    assert [(hole["from"][:10], hole["to"][:10]) for hole in row["holes"]] == [
        (f"{left:%Y-%m-%d}", f"{left + timedelta(days=12):%Y-%m-%d}")
    ]
    assert follower.outcome() is Outcome.FAIL
    world.clock.now += timedelta(days=1)
    follower.look()
    assert follower.outcome() is Outcome.FAIL


def test_one_day_before_that_nothing_is_lost(follower: Follower, world: GitHubWorld) -> None:
    follower.look()
    world.clock.now += RETENTION
    follower.look()
    assert follower.outcome() is Outcome.PASS


def test_a_limit_in_the_middle_keeps_the_weeks_that_were_read(follower: Follower, world: GitHubWorld) -> None:
    world.trouble = Trouble("429", path="audit-log", skip=10)
    assert follower.look() is Reason.RATE_LIMITED
    assert len(follower.phrases) == 10
    world.trouble = None
    assert follower.look() is None
    assert len(follower.phrases) == 16
    assert follower.outcome() is Outcome.PASS
    assert {row["id"] for row in follower.rows() if row["id"]} == {e["_document_id"] for e in audit_events.events(world)}


@pytest.mark.parametrize(
    ("plan", "reason", "said"),
    [
        ("team", Reason.NOT_LICENSED, "no audit log"), ("free", Reason.NOT_LICENSED, "no audit log"),
        ("enterprise", Reason.DENIED, "404"), (None, Reason.DENIED, "404"),
    ],
)  # fmt: skip
def test_a_404_is_a_missing_plan_only_where_the_plan_says_so(
    world: GitHubWorld, connect: Connect, plan: str | None, reason: Reason, said: str
) -> None:
    world.trouble = Trouble("404", path="audit-log")

    def app(environ: Any, start_response: Any) -> Any:
        body = b"".join(world.wsgi(environ, start_response))
        if environ["PATH_INFO"] == "/orgs/halyard-payments":
            told = f'"plan": {{"name": "{plan}"'.encode() if plan else b'"plot": {"name": "x"'
            body = re.sub(rb'"plan": \{"name": "enterprise"', told, body)
        return [body]

    def plain(environ: Any, start_response: Any) -> Any:
        return app(environ, lambda status, headers: start_response(status, [h for h in headers if h[0] != "Content-Length"]))

    with serve_open(plain) as address:
        context = connect()
        context.endpoint = address
        _, found, message = collect_all(VENDOR, context, [KIND.id])[KIND.id]
    assert found is reason
    assert said in message
    facts = Facts(world.clock.now, {KIND.id: FactSet(KIND.id, (), world.clock.now, found, message)})
    assert in_sum(run(REGISTRY["github.org.audit_log"], facts)) is Outcome.UNKNOWN


@pytest.mark.parametrize("event", [{}, {"_document_id": "x"}, {"@timestamp": 1}, {"_document_id": None, "@timestamp": "y"}])
def test_an_event_without_id_or_time_is_malformed(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, event: dict[str, Any]
) -> None:
    monkeypatch.setattr(audit_events, "asked_for", lambda *_: [event])
    assert follower.look() is Reason.MALFORMED


def test_a_time_outside_the_calendar_is_unknown_and_no_error_of_ours() -> None:
    page = Page("GET /orgs/acme/audit-log", {}, [{"_document_id": "x", "@timestamp": 10**30}])
    assert list(KIND.rows([page]))[1]["at"] == {"$unknown": "malformed"}
