"""Merged changes are collected once each, in pieces if need be, and again where something about them changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import Context, Page
from evidence.collectors.github.vendor import VENDOR
from sample.base import DAYS
from sample.github import GitHubWorld
from sample.github.trouble import Trouble
from tests.evidence.github.judging import collected

CHANGES, PUSHES = "github.merged_pull_requests", "github.direct_pushes"
Connect = Callable[..., Context]


def _run(connect: Connect, cursor: Any = None, kind: str = CHANGES) -> tuple[list[Page], Reason | None, Any]:
    context = connect(cursor=cursor)
    pages, reason, _ = collected(context, [kind])[kind]
    return pages, reason, context.next_cursor


def _numbers(pages: list[Page]) -> set[str]:
    return {row["id"] for row in VENDOR.kind(CHANGES).rows(pages) if row["number"] is not None}


def _merged(world: GitHubWorld) -> set[str]:
    return {c.key for c in world.changes if c.merged_at and c.merged_at <= world.now}


def test_it_brings_every_merged_change_and_no_other(world: GitHubWorld, connect: Connect) -> None:
    pages, reason, _ = _run(connect)
    assert reason is None
    assert _numbers(pages) == _merged(world)
    assert len(_merged(world)) == 400


def test_a_change_says_who_wrote_approved_and_merged_it(world: GitHubWorld, connect: Connect) -> None:
    pages, _, _ = _run(connect)
    rows = {row["id"]: row for row in VENDOR.kind(CHANGES).rows(pages)}
    change = next(c for c in world.changes if c.merged_at and not c.from_bot and c.number % 7 == 0)
    row = rows[change.key]
    assert (row["author"], row["merged_by"], row["author_is_bot"]) == (change.author, change.merged_by, False)
    assert [(a["by"], a["current"]) for a in row["approvals"]] == [(change.reviewer, True)]
    assert row["checks"]["state"] == "passed"
    assert row["head_sha"] == change.head
    assert row["merged_at"].startswith(change.merged_at.strftime("%Y-%m-%dT%H:%M"))


def test_the_next_collection_brings_only_what_is_new(world: GitHubWorld, connect: Connect) -> None:
    world.clock.now = world.clock.at(100)
    first, _, cursor = _run(connect)
    before = _merged(world)
    world.clock.now = world.clock.at(114)
    world.calls = 0
    second, _, _ = _run(connect, cursor)
    remarked = {c.key for c in world.changes if c.remark_at and world.clock.at(100) < c.remark_at <= world.now}
    assert _numbers(second) == (_merged(world) - before) | (remarked & _merged(world))
    assert _numbers([*first, *second]) == _merged(world)
    assert world.calls < 60 + 4 * len(_numbers(second))


def test_a_collection_with_nothing_new_asks_for_the_lists_only(world: GitHubWorld, connect: Connect) -> None:
    _, _, cursor = _run(connect)
    world.calls = 0
    pages, reason, again = _run(connect, cursor)
    assert (_numbers(pages), reason) == (set(), None)
    assert world.calls == 1 + len(world.repositories())
    assert again == cursor


def test_the_old_cursor_is_left_as_it_was(world: GitHubWorld, connect: Connect) -> None:
    world.clock.now = world.clock.at(50)
    _, _, cursor = _run(connect)
    kept = repr(cursor)
    world.clock.now = world.clock.at(60)
    _run(connect, cursor)
    assert repr(cursor) == kept


@pytest.mark.parametrize("skip", [20, 90, 190])
def test_a_collection_that_was_cut_off_goes_on(world: GitHubWorld, connect: Connect, skip: int) -> None:
    world.clock.now = world.clock.at(90)
    world.trouble = Trouble("429", path="/pulls", skip=skip)
    first, reason, cursor = _run(connect)
    assert reason is Reason.RATE_LIMITED
    world.trouble = Trouble("none", path=r"/pulls/\d+$")
    second, reason, _ = _run(connect, cursor)
    assert reason is None
    assert _numbers([*first, *second]) == _merged(world)
    assert not _numbers(first) & _numbers(second)
    assert len(world.trouble.seen) == len(_merged(world)) - len(_numbers(first))


def test_one_large_repository_goes_on_from_the_page_it_had_reached(
    world: GitHubWorld, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence.collectors.github.session.PAGE", 5)
    world.clock.now = world.clock.at(150)
    name = max(world.repositories(), key=lambda r: len(world.closed_changes(r))).name
    world.trouble = Trouble("429", path=f"{name}/pulls/.*/reviews", skip=17)
    first, _, cursor = _run(connect)
    done = {key for key in _numbers(first) if f"/{name}#" in key}
    assert len(done) in range(10, 18)
    world.trouble = Trouble("none", path=f"{name}/pulls/.*/reviews")
    second, reason, _ = _run(connect, cursor)
    assert reason is None
    twice = done & _numbers(second)
    assert len(twice) <= 2  # the two ends of the stretch: another may bear the same time and not have been read
    here = [key for key in _merged(world) if f"/{name}#" in key]
    assert len(world.trouble.seen) == len(here) - len(done) + len(twice)
    assert _numbers([*first, *second]) == _merged(world)


def test_what_could_not_be_read_is_read_once_it_can_be(world: GitHubWorld, connect: Connect) -> None:
    world.clock.now = world.clock.at(20)
    world.trouble = Trouble("403", path="/check-runs")
    first, reason, cursor = _run(connect)
    assert reason is None
    unread = [r for r in VENDOR.kind(CHANGES).rows(first) if r["number"] and r["checks"] == {"$unknown": "denied"}]
    assert len(unread) == len(_merged(world))
    world.trouble = None
    second, _, cursor = _run(connect, cursor)
    rows = list(VENDOR.kind(CHANGES).rows([*first, *second]))
    assert {r["checks"]["state"] for r in rows if r["number"]} == {"passed"}
    assert all(not state.get("again") for state in cursor["repositories"].values())


def test_a_denial_that_lasts_costs_one_probe_per_repository(world: GitHubWorld, connect: Connect) -> None:
    world.clock.now = world.clock.at(60)
    world.trouble = Trouble("403", path="/check-runs")
    _, _, cursor = _run(connect)
    busy = len({c.repository for c in world.changes if c.merged_at and c.merged_at <= world.now})
    world.trouble = Trouble("403", path="/check-runs")
    _run(connect, cursor)
    assert len(world.trouble.seen) == busy


def test_a_repository_that_could_not_be_read_is_unknown_until_it_was(world: GitHubWorld, connect: Connect) -> None:
    world.clock.now = world.clock.at(20)
    world.trouble = Trouble("404", path="ledger-core/pulls")
    first, _, cursor = _run(connect)
    own = {r["id"]: r for r in VENDOR.kind(CHANGES).rows(first)}["halyard-payments/ledger-core"]
    assert own["read"] == {"$unknown": "denied"}
    world.trouble = None
    second, _, _ = _run(connect, cursor)
    rows = {r["id"]: r for r in VENDOR.kind(CHANGES).rows([*first, *second])}
    assert rows["halyard-payments/ledger-core"]["read"] is True
    assert any(id.startswith("halyard-payments/ledger-core#") for id in rows)


def test_commits_without_a_pull_request_are_told_from_those_with_one(world: GitHubWorld, connect: Connect) -> None:
    world.plant_all()
    world.clock.now = world.clock.at(100)
    pages, reason, cursor = _run(connect, kind=PUSHES)
    rows = [r for r in VENDOR.kind(PUSHES).rows(pages) if r["sha"]]
    assert reason is None
    assert [r["repository"] for r in rows if r["pull"] is None] == ["halyard-payments/payment-router"]
    assert len({r["id"] for r in rows}) == len(rows) > 100  # run alone it knows no merge and looks each commit up
    world.clock.now = world.clock.at(DAYS)
    second, _, _ = _run(connect, cursor, PUSHES)
    assert not {r["id"] for r in rows} & {r["id"] for r in VENDOR.kind(PUSHES).rows(second) if r["sha"]}


def test_a_commit_that_merged_a_known_change_is_not_looked_up(world: GitHubWorld, connect: Connect) -> None:
    world.trouble = Trouble("none", path=r"/commits/\w+/pulls")
    collected(connect(), [CHANGES, PUSHES])
    kept = [c for c in world.changes if c.merged_at and "merge" in c.repository.marks]
    assert len(world.trouble.seen) == sum(len(c.commits) for c in kept)
