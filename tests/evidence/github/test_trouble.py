"""Whatever goes wrong on the way is unknown with its reason. It never reads as pass, and what was known stays known."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from evidence.checks.base import Facts, FactSet, Outcome, Reason, checks_of, in_sum, run
from evidence.collectors.base import Context
from evidence.collectors.github import session
from evidence.collectors.github.vendor import VENDOR
from sample.base import Clock
from sample.github import GitHubWorld
from sample.github.changes import Change
from sample.github.trouble import Trouble
from tests.evidence.github.judging import collected, facts_of
from tests.loopback import serve_open

REASONS = {
    "401": Reason.DENIED, "403": Reason.DENIED, "403-plan": Reason.NOT_LICENSED, "403-limit": Reason.RATE_LIMITED,
    "404": Reason.DENIED, "429": Reason.RATE_LIMITED, "429-retry-after": Reason.RATE_LIMITED,
    "500": Reason.UNREACHABLE, "502": Reason.UNREACHABLE, "timeout": Reason.UNREACHABLE,
    "truncated": Reason.MALFORMED, "not-json": Reason.MALFORMED, "null": Reason.MALFORMED,
    "redirect": Reason.MALFORMED, "other-host": Reason.MALFORMED,
}  # fmt: skip
KINDS = [kind.id for kind in VENDOR.kinds]
ONE_OBJECT = {"github.org", "github.actions_permissions"}  # nothing in them to follow or to be empty


@cache
def _good(day: int = 30) -> tuple[GitHubWorld, Facts]:
    """The sample organisation on a day, read in full once: with nothing wrong early on, later with its defects."""
    clock = Clock(datetime(2026, 6, 30, 6, tzinfo=UTC))
    clock.now = clock.at(day)
    world = GitHubWorld(clock)
    if day > 30:
        world.plant_all()
    with serve_open(world.wsgi) as address:
        return world, facts_of(world, collected(_context(world, address)))


def _context(world: GitHubWorld, address: str) -> Context:
    return Context(
        config={"organization": "halyard-payments"}, secret={"token": world.token}, now=world.clock.now,
        endpoint=address, sleep=lambda _: None,
    )  # fmt: skip


def _in_trouble(kind: str, trouble: Trouble, day: int = 30) -> tuple[FactSet, dict[str, Outcome]]:
    """What one kind comes to in trouble, and every check that reads it, the other kinds being good."""
    world, good = _good(day)
    world.trouble = trouble
    try:
        with serve_open(world.wsgi) as address:
            pages, reason, message = collected(_context(world, address), [kind])[kind]
    finally:
        world.trouble = None
    found = VENDOR.kind(kind)
    rows = list(found.rows(pages)) if reason is None else []
    spoilt = FactSet(kind, rows, good.now, reason, message, found.can_be_empty)
    facts = Facts(good.now, {**good.sets, kind: spoilt})
    return spoilt, {c.id: in_sum(run(c, facts)) for c in checks_of("github") if kind in c.facts}


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [(kind, trouble) for kind in KINDS for trouble in REASONS if trouble != "other-host" or kind not in ONE_OBJECT],
)
def test_every_kind_is_unknown_for_the_right_reason(kind, trouble, monkeypatch) -> None:
    if trouble == "timeout":
        monkeypatch.setattr(session, "TIMEOUT", 0.1)
    spoilt, outcomes = _in_trouble(kind, Trouble(trouble, seconds=900 if trouble == "429-retry-after" else 0.3))
    assert spoilt.reason is REASONS[trouble], spoilt.detail
    assert outcomes
    assert set(outcomes.values()) == {Outcome.UNKNOWN}, outcomes


@pytest.mark.parametrize("kind", KINDS)
def test_nulls_never_read_as_pass_or_fail(kind) -> None:
    early_on_there_are_none = kind in ("github.outside_collaborators", "github.secret_scanning")
    spoilt, outcomes = _in_trouble(kind, Trouble("nulls"), day=175 if early_on_there_are_none else 30)
    assert set(outcomes.values()) == {Outcome.UNKNOWN}, (spoilt.reason, outcomes)


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ONE_OBJECT])
def test_an_empty_list_is_not_applicable_where_nothing_can_exist_and_else_unknown(kind) -> None:
    _, outcomes = _in_trouble(kind, Trouble("empty"))
    may_be_empty = VENDOR.kind(kind).can_be_empty
    expected = Outcome.NOT_APPLICABLE if may_be_empty else Outcome.UNKNOWN
    assert set(outcomes.values()) == {expected}, outcomes


def _one_change() -> Change:
    return next(c for c in _good()[0].changes if c.merged_at and c.repository.name == "ledger-core")


def _one_commit() -> str:
    """A branch commit of a repository that keeps them: its pull request has to be looked up."""
    return next(c for c in _good()[0].changes if c.merged_at and "merge" in c.repository.marks).commits[0]


SUB_CALLS = [
    ("github.branch_rules", lambda: "ledger-core/branches/main/protection"),
    ("github.branch_rules", lambda: "merchant-api/rules/branches"), ("github.branch_rules", lambda: "/rulesets/"),
    ("github.codeowners_errors", lambda: "ledger-core/codeowners"),
    ("github.environments", lambda: "ledger-core/environments"),
    ("github.repository_security", lambda: "ledger-core/code-scanning/default-setup"),
    ("github.merged_pull_requests", lambda: "ledger-core/pulls$"),
    ("github.merged_pull_requests", lambda: f"ledger-core/pulls/{_one_change().number}/reviews$"),
    ("github.merged_pull_requests", lambda: f"{_one_change().head}/check-runs$"),
    ("github.merged_pull_requests", lambda: f"{_one_change().head}/status$"),
    ("github.direct_pushes", lambda: "ledger-core/commits$"),
    ("github.direct_pushes", lambda: f"/commits/{_one_commit()}/pulls$"),
    ("github.actions_permissions", lambda: "permissions/workflow"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path"), SUB_CALLS, ids=[f"{n}-{kind[0]}" for n, kind in enumerate(SUB_CALLS)])
@pytest.mark.parametrize("trouble", ["403", "500", "truncated", "nulls", "null"])
def test_a_call_that_fails_for_one_resource_makes_that_one_unknown(kind, path, trouble) -> None:
    sent = Trouble(trouble, path=path(), times=2 if trouble == "500" else None)
    spoilt, outcomes = _in_trouble(kind, sent)
    assert sent.seen, "the trouble was never met"
    assert spoilt.reason is None, spoilt.detail
    assert Outcome.FAIL not in outcomes.values(), outcomes
    assert Outcome.UNKNOWN in outcomes.values(), outcomes


def test_dependabot_alerts_that_may_not_be_seen_are_unknown() -> None:
    _, outcomes = _in_trouble("github.repository_security", Trouble("403", path="ledger-core/vulnerability-alerts"))
    assert outcomes["github.dependabot.enabled"] is Outcome.UNKNOWN


def test_what_failed_once_is_read_again_in_the_same_run() -> None:
    sent = Trouble("403", path="/reviews$", times=1)
    _, outcomes = _in_trouble("github.merged_pull_requests", sent)
    assert len(sent.seen) == 1
    assert set(outcomes.values()) == {Outcome.PASS}


@pytest.mark.parametrize("trouble", ["401", "429", "403-limit"])
def test_a_refused_credential_or_a_limit_in_the_middle_ends_the_kind_and_keeps_what_was_read(trouble) -> None:
    world, _ = _good()
    world.trouble = Trouble(trouble, path="/reviews$", skip=12)
    try:
        with serve_open(world.wsgi) as address:
            context = _context(world, address)
            pages, reason, _ = collected(context, ["github.merged_pull_requests"])["github.merged_pull_requests"]
    finally:
        world.trouble = None
    assert reason is REASONS[trouble]
    rows = list(VENDOR.kind("github.merged_pull_requests").rows(pages))
    assert 3 < len([row for row in rows if row["number"]]) <= 12


def test_an_outage_is_not_waited_out_repository_by_repository() -> None:
    trouble = Trouble("500", path="/codeowners/")
    spoilt, _ = _in_trouble("github.codeowners_errors", trouble)
    assert spoilt.reason is Reason.UNREACHABLE
    assert len(trouble.seen) == 3
