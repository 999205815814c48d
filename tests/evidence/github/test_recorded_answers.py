"""GitHub's recorded answers, real ones, are read as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidence.checks.base import Reason
from evidence.collectors.answers import refusal
from evidence.collectors.base import Page
from evidence.collectors.github.branches import rule_rows
from evidence.collectors.github.change_rows import check_state
from evidence.collectors.github.organization import organization_rows
from evidence.collectors.github.repositories import repository_rows
from tests.specs import RECORDED, needs_specs

pytestmark = [needs_specs, pytest.mark.specs]


def _recorded(scenario: str) -> list[dict[str, Any]]:
    text = (RECORDED / "github-octokit" / scenario / "normalized-fixture.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def _branch(protection: Any, *, admin: bool) -> Any:
    body = {"repository": "o/r", "branch": "main", "admin": admin, "protection": protection}
    body |= {"rules": [], "rulesets": {}}
    return next(iter(rule_rows([Page("GET /", {}, body)])))


def _kept(entry: dict[str, Any]) -> dict[str, Any]:
    """A recorded refusal as the client and the session keep it."""
    error = refusal(entry["status"], {}, json.dumps(entry["response"]).encode(), "GET /")
    return {"error": {"reason": error.reason.value, "status": error.status, "message": error.message}}


def test_an_unprotected_branch_is_told_from_one_that_may_not_be_seen() -> None:
    absent = _recorded("branch-protection")[0]
    assert absent["response"]["message"] == "Branch not protected"
    assert _branch(_kept(absent), admin=False)["sources"] == []
    hidden = {**absent, "response": {"message": "Not Found"}}
    assert _branch(_kept(hidden), admin=False)["sources"] == {"$unknown": Reason.DENIED.value}
    assert _branch(_kept(hidden), admin=True)["sources"] == []


def test_recorded_protection_is_read() -> None:
    bare, full = (_branch(entry["response"], admin=True)["sources"][0] for entry in _recorded("branch-protection")[1:3])
    assert (bare["reviews"], bare["checks"], bare["bypass"]) == (0, [], ["repository administrators"])
    assert (bare["force_push_blocked"], bare["deletion_blocked"]) == (True, True)
    assert (full["reviews"] >= 1, full["dismiss_stale"], full["checks"]) == (True, True, ["foo/bar"])
    assert full["bypass"] == []


def test_a_recorded_organisation_without_its_settings_is_a_denial() -> None:
    (row,) = organization_rows([Page("GET /", {}, _recorded("get-organization")[0]["response"])])
    assert row["login"] == "octokit-fixture-org"
    told = _recorded("get-organization")[0]["response"]
    for name in ("two_factor_requirement_enabled", "default_repository_permission"):
        assert row[name] == told.get(name, {"$unknown": "denied"})


def test_a_recorded_repository_without_its_security_settings_is_a_denial() -> None:
    told = _recorded("get-repository")[0]["response"]
    (row,) = repository_rows([Page("GET /", {}, [told])])
    assert (row["repository"], row["private"]) == ("octokit-fixture-org/hello-world", False)
    assert "security_and_analysis" in told or row["secret_scanning"] == {"$unknown": "denied"}


def test_a_recorded_combined_status_is_read() -> None:
    combined = next(e["response"] for e in _recorded("create-status") if e["path"].endswith("/status"))
    state = check_state({"check_runs": [], "status": combined}, None)
    assert state["state"] == {"success": "passed", "failure": "failed"}.get(combined["state"], combined["state"])
