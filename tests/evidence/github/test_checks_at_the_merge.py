"""What checks and statuses say of a merge is what stood when it was merged."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.collectors.github.change_rows import check_state

MERGED = "2026-03-10T10:00:00Z"
BEFORE, AFTER = "2026-03-10T09:00:00Z", "2026-03-10T11:00:00Z"


def status(state: str, at: str) -> dict[str, Any]:
    """A status as `GET /repos/{owner}/{repo}/commits/{ref}/status` gives it: of each context the newest."""
    return {"context": "ci/pipeline", "state": state, "created_at": at, "updated_at": at}


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([status("success", BEFORE)], "passed"),
        ([status("failure", BEFORE)], "failed"),
        ([status("success", AFTER)], "none"),  # set once it was merged: what stood there then nobody can see any more
        ([status("success", BEFORE), status("failure", AFTER) | {"context": "deploy"}], "passed"),
        ([status("success", MERGED)], "passed"),
    ],
)
def test_a_status_that_was_set_after_the_merge_says_nothing_about_it(statuses: list[dict[str, Any]], state: str) -> None:
    assert check_state({"check_runs": [], "status": {"statuses": statuses}}, MERGED)["state"] == state


def test_a_run_that_began_after_the_merge_says_nothing_about_it() -> None:
    run = {"name": "build", "status": "completed", "conclusion": "success", "started_at": AFTER}
    assert check_state({"check_runs": [run], "status": {"statuses": []}}, MERGED)["state"] == "none"


@pytest.mark.parametrize(("ended", "state"), [(BEFORE, "passed"), (MERGED, "passed"), (AFTER, "pending")])
def test_a_run_that_ended_after_the_merge_was_under_way_at_it(ended: str, state: str) -> None:
    run = {"name": "build", "status": "completed", "conclusion": "success", "started_at": BEFORE, "completed_at": ended}
    assert check_state({"check_runs": [run], "status": {"statuses": []}}, MERGED)["state"] == state
