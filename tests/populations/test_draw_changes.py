"""Merged changes and direct pushes, drawn from answers in GitHub's shape."""

from __future__ import annotations

from typing import Any

from evidence.collectors.base import Page
from evidence.populations.builders.changes import direct_pushes, merged_changes, ticket_in
from evidence.populations.counting import COUNTS
from evidence.populations.items import is_unknown
from tests.populations.looking import MARCH, changes_page, detail, github, given, pull, review, whole


def cells(drawn: Any) -> dict[str, Any]:
    return {item.id: item.cells for item in drawn.items}


def test_a_change_carries_author_approvers_checks_and_ticket():
    page = changes_page([pull(7)], {"7": detail(7, [review("bo", "head7")])})
    drawn = merged_changes(given(github([page, whole()])))
    change = cells(drawn)["acme/api#7"]
    assert all(is_unknown(change.pop(name)) for name in ("ticket_raised_at", "deployed_at"))  # no collector knows them
    assert change == {
        "change": "acme/api#7", "title": "PAY-7 Add refunds", "repository": "acme/api", "author": "ana", "merged_by": "bo",
        "merged_at": "2026-03-10T10:00:00+00:00", "approved_by": "bo", "approved_after_last_push": True, "checks": "passed",
        "ticket": "PAY-7",
    }  # fmt: skip
    assert (drawn.excluded, drawn.holes) == ([], [])


def test_an_approval_before_the_last_push_is_no_approval_of_what_was_merged():
    page = changes_page([pull(7)], {"7": detail(7, [review("bo", "earlier")])})
    change = cells(merged_changes(given(github([page]))))["acme/api#7"]
    assert (change["approved_by"], change["approved_after_last_push"]) == ("bo", False)


def test_nobody_approved_it_is_told_apart_from_nobody_can_say():
    denied = {"error": {"reason": "denied"}}
    pages = [changes_page([pull(7), pull(8)], {"7": detail(7, []), "8": detail(8, denied)})]
    found = cells(merged_changes(given(github(pages))))
    assert (found["acme/api#7"]["approved_by"], found["acme/api#7"]["approved_after_last_push"]) == (None, False)
    assert is_unknown(found["acme/api#8"]["approved_by"])
    assert is_unknown(found["acme/api#8"]["approved_after_last_push"])


def test_only_what_was_merged_within_the_days_of_the_zone_is_drawn():
    times = {1: "2026-02-28T23:59:59Z", 2: "2026-03-01T00:00:00Z", 3: "2026-03-31T23:59:59Z", 4: "2026-04-01T00:00:00Z"}
    page = changes_page([pull(n, when) for n, when in times.items()], {str(n): detail(n, []) for n in times})
    assert set(cells(merged_changes(given(github([page]))))) == {"acme/api#2", "acme/api#3"}
    assert COUNTS["github.merged_pull_requests"]([page], MARCH) == 2


def test_a_repository_out_of_scope_is_left_out_with_the_reason():
    page = changes_page([pull(7)], {"7": detail(7, [])})
    drawn = merged_changes(given(github([page]), scope=[{"external_id": "github:acme/api", "decision": "out"}]))
    assert not drawn.items
    assert drawn.excluded[0].reason == "acme/api was decided to be out of scope."


def test_a_repository_that_could_not_be_read_leaves_a_hole():
    drawn = merged_changes(given(github([whole("acme/secret", error={"reason": "denied"})])))
    assert [hole.why for hole in drawn.holes] == ["acme/secret could not be read: denied."]


def test_a_check_that_still_ran_says_nothing_and_one_that_failed_is_named():
    running = [{"name": "build", "status": "in_progress", "conclusion": None, "started_at": "2026-03-10T08:00:00Z"}]
    failed = [{"name": "build", "status": "completed", "conclusion": "failure", "started_at": "2026-03-10T08:00:00Z"}]
    details = {"7": detail(7, [], checks=running), "8": detail(8, [], checks=failed)}
    found = cells(merged_changes(given(github([changes_page([pull(7), pull(8)], details)]))))
    assert is_unknown(found["acme/api#7"]["checks"])
    assert found["acme/api#8"]["checks"] == "failed: build"


def test_tickets_are_read_from_titles():
    assert [ticket_in(each) for each in ("Fix PAY-12 now", "Close #44", "UTF-8 and no ticket", "x#1", None)] == [
        "PAY-12", "#44", "UTF-8", None, None
    ]  # fmt: skip


def push(sha: str, pulls: Any) -> Page:
    commit = {
        "sha": sha, "html_url": "https://github.com/acme/api/commit/x", "parents": [{}], "author": {"login": "ana"},
        "commit": {"message": "Hotfix\n\nmore", "author": {"name": "Ana"}, "committer": {"date": "2026-03-10T10:00:00Z"}},
    }  # fmt: skip
    return Page("GET /repos/acme/api/commits", {}, {"repository": "acme/api", "commits": [commit], "pulls": {sha: pulls}})


def test_a_push_without_a_request_is_listed_and_one_with_a_request_is_left_out():
    merged = [{"number": 7, "merged_at": "2026-03-10T10:00:00Z"}]
    drawn = direct_pushes(given(github(pushes=[push("a", []), push("b", merged), push("c", {"error": {"reason": "denied"}})])))
    assert set(cells(drawn)) == {"acme/api@a", "acme/api@c"}
    assert cells(drawn)["acme/api@a"]["title"] == "Hotfix"
    assert [each.reason for each in drawn.excluded] == ["It belongs to the merged request #7."]
