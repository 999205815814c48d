"""Leavers: when access ended is read from the log, and a day late is a day late for good."""

from __future__ import annotations

from typing import Any

from evidence.checks.base import Finding, Outcome, Reason, run
from evidence.checks.okta.leavers import terminated_deactivated
from tests.evidence.okta.test_okta_checks import REGISTRY, facts, user

CHECK = REGISTRY["okta.users.terminated_deactivated"]  # judged at 2026-06-30 06:00


def left(day: str, **more: Any) -> dict[str, Any]:
    return {"email": "ada@x", "end_date": day, "accounts": {"okta": "00u1"}, **more}


def event(kind: str, published: str, result: str = "SUCCESS") -> dict[str, Any]:
    return {"uuid": published, "event_type": f"user.lifecycle.{kind}", "published": published, "result": result,
            "target_users": ["00u1"]}  # fmt: skip


def judge(users: Any, workers: Any, log: Any = (), **thresholds: Any) -> list[Finding]:
    sets = {"okta.users": users, "org.workers": workers, "okta.system_log": log}
    return run(CHECK, facts(sets, **thresholds))


def one(*given: Any, **thresholds: Any) -> tuple[Outcome, str]:
    (finding,) = judge(*given, **thresholds)
    return finding.outcome, finding.message


def closed(when: str | None = None, status: str = "DEPROVISIONED") -> dict[str, Any]:
    return user(status, status_changed=when)


def test_deactivated_on_the_last_day_passes() -> None:
    outcome, message = one([closed("2026-06-10T17:00:00.000Z")], [left("2026-06-10")])
    assert (outcome, message) == (Outcome.PASS, "access ended by the end of the last day")


def test_within_the_hours_allowed_passes_and_says_how_late() -> None:
    outcome, message = one([closed("2026-06-11T20:00:00.000Z")], [left("2026-06-10")])
    assert (outcome, message) == (Outcome.PASS, "access ended 20 hours after the last day")


def test_later_than_allowed_fails_and_goes_on_failing() -> None:
    outcome, message = one([closed("2026-05-19T05:00:00.000Z")], [left("2026-05-10")])
    assert (outcome, message) == (Outcome.FAIL, "access ended eight days and five hours after the last day")


def test_still_active_is_told_in_days() -> None:
    assert one([user()], [left("2026-06-21")]) == (Outcome.FAIL, "still active nine days on")
    assert one([user("LOCKED_OUT")], [left("2026-06-01")]) == (Outcome.FAIL, "still locked out 29 days on")


def test_the_night_after_the_last_day_is_not_yet_late() -> None:
    outcome, message = one([user()], [left("2026-06-29")])
    assert (outcome, message) == (Outcome.NOT_APPLICABLE, "18 hours are left to end the access")


def test_an_end_with_a_time_counts_from_that_time() -> None:
    assert one([user()], [left("2026-06-29T05:00:00+00:00")])[0] is Outcome.FAIL
    assert one([user()], [left("2026-06-29T05:00:00+00:00")], hours=48)[0] is Outcome.NOT_APPLICABLE


def test_who_leaves_later_is_not_judged() -> None:
    assert judge([user()], [left("2026-07-31")]) == []
    assert judge([user()], [{"email": "ada@x", "end_date": None}]) == []


def test_the_log_tells_when_a_suspension_came_before_the_deactivation() -> None:
    log = [event("suspend", "2026-06-10T18:00:00.000Z"), event("deactivate", "2026-06-25T09:00:00.000Z")]
    assert one([closed("2026-06-25T09:00:00.000Z")], [left("2026-06-10")], log)[0] is Outcome.PASS


def test_an_account_opened_again_counts_from_the_last_closing() -> None:
    log = [
        event("deactivate", "2026-06-10T18:00:00.000Z"), event("reactivate", "2026-06-12T09:00:00.000Z"),
        event("deactivate", "2026-06-20T09:00:00.000Z"),
    ]  # fmt: skip
    assert one([closed("2026-06-20T09:00:00.000Z")], [left("2026-06-10")], log)[0] is Outcome.FAIL


def test_a_deactivation_that_failed_did_not_happen() -> None:
    log = [event("deactivate", "2026-06-10T18:00:00.000Z", "FAILURE")]
    assert one([closed("2026-06-20T09:00:00.000Z")], [left("2026-06-10")], log)[0] is Outcome.FAIL


def test_without_the_log_a_closed_account_is_unknown_and_an_open_one_fails() -> None:
    assert one([closed("2026-06-10T17:00:00.000Z")], [left("2026-06-10")], Reason.DENIED)[0] is Outcome.UNKNOWN
    assert one([user()], [left("2026-06-10")], Reason.DENIED)[0] is Outcome.FAIL


def test_a_log_that_cannot_be_made_out_is_no_log() -> None:
    assert one([closed("2026-06-10T17:00:00.000Z")], [left("2026-06-10")], [{"uuid": "x"}])[0] is Outcome.UNKNOWN


def test_a_closed_account_without_any_time_is_unknown() -> None:
    assert one([closed(None)], [left("2026-06-10")])[0] is Outcome.UNKNOWN


def test_who_came_back_is_not_late() -> None:
    back = {"email": "ada@x", "end_date": None, "accounts": {}}
    assert one([user()], [left("2026-01-10"), back]) == (Outcome.NOT_APPLICABLE, "works here again")


def test_who_never_had_an_account_and_who_never_opened_it() -> None:
    assert one([user(id="00u2", email="eve@x", login="eve")], [left("2026-06-10")]) == (
        Outcome.NOT_APPLICABLE, "no account in Okta"
    )  # fmt: skip
    assert one([user("STAGED")], [left("2026-06-10")])[0] is Outcome.NOT_APPLICABLE


def test_long_ago_is_outside_the_span_unless_the_account_is_still_open() -> None:
    assert one([closed("2021-01-01T00:00:00.000Z")], [left("2020-06-10")])[0] is Outcome.NOT_APPLICABLE
    assert one([user()], [left("2020-06-10")])[0] is Outcome.FAIL


def test_every_account_of_a_leaver_is_judged() -> None:
    found = judge([user(), user(id="00u9", login="ada.admin", email="ada@x")], [left("2026-06-10")])
    assert {finding.resource for finding in found} == {"user:ada", "user:ada.admin"}


def test_the_judge_is_the_one_that_is_registered() -> None:
    assert CHECK.judge is terminated_deactivated
