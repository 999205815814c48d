"""Checks of default branches. Classic protection and rulesets count together, as GitHub applies them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, each, known, required
from evidence.checks.github.reading import SCOPE, left_out, repo

FACTS = ("github.branch_rules", SCOPE)
Test = Callable[[Row], bool]


def any_source(row: Row, test: Test) -> bool:
    """Whether one source of rules meets a test. Where none does, but one could not be read, nobody can say."""
    gap: Unreadable | None = None
    for source in required(row, "sources"):
        try:
            if test(source):
                return True
        except Unreadable as unreadable:
            gap = gap or unreadable
    if gap is None and row.get("partial"):
        gap = Unreadable(Reason(row["partial"]), "part of the branch's rules could not be read")
    if gap is not None:
        raise gap
    return False


def on_branches(facts: Facts, judge: Callable[[Row], tuple[bool, str]]) -> Iterator[Finding]:
    """Judge each default branch in scope that exists."""
    out = left_out(facts)

    def applicable(row: Row) -> tuple[bool, str] | None:
        return judge(row) if row["repository"] not in out and row.get("exists") else None

    yield from each(facts, "github.branch_rules", repo, applicable)


def _names(row: Row) -> str:
    return ", ".join(str(source["name"]) for source in row["sources"])


def _blocked(source: Row) -> bool:
    return bool(required(source, "force_push_blocked"))


def _reviewed(least: int) -> Test:
    return lambda source: bool(known(source, "reviews") >= least)


@check(
    "github.repo.protection", title="The default branch is protected",
    resource="branch", severity=Severity.CRITICAL, criteria="CC8.1", annex_a="A.8.32 A.8.4", facts=FACTS,
    why="On an unprotected branch anyone with write access changes production code alone, and can rewrite its history.",
    remedy="Add branch protection or an active ruleset for the default branch.",
)
def protection(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        kept = any_source(row, lambda s: bool(known(s, "reviews") or known(s, "checks")) or _blocked(s))
        return (True, f"protected by {_names(row)}") if kept else (False, f"{row['branch']} is not protected")

    yield from on_branches(facts, judge)


@check(
    "github.repo.required_reviews", title="Merging needs an approval", version=2,
    resource="branch", severity=Severity.CRITICAL, criteria="CC8.1", annex_a="A.8.32", facts=FACTS,
    why="A change that only its author saw is a change that nobody reviewed.",
    remedy="Require at least one approving review.",
    least=1,
)
def required_reviews(facts: Facts) -> Iterator[Finding]:
    least = facts.thresholds["least"]

    def judge(row: Row) -> tuple[bool, str]:
        if not any_source(row, _reviewed(least)):
            return False, f"fewer than {least} approvals are required"
        return True, f"approval required by {_names(row)}"

    yield from on_branches(facts, judge)


@check(
    "github.repo.dismiss_stale", title="A new push takes an approval back",
    resource="branch", severity=Severity.CRITICAL, criteria="CC8.1", annex_a="A.8.32", facts=FACTS,
    why="A change that grew after its approval is a change that nobody reviewed as it was merged.",
    remedy="Dismiss stale approvals when commits are pushed.",
)
def dismiss_stale(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        taken = any_source(row, lambda s: bool(known(s, "dismiss_stale")))
        return taken, "later pushes need a new approval" if taken else "an approval survives later pushes"

    yield from on_branches(facts, judge)


@check(
    "github.repo.status_checks", title="Merging needs status checks to pass",
    resource="branch", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.29 A.8.32", facts=FACTS,
    why="Tests that may fail and still be merged past are advice, not a control.",
    remedy="Require the status checks that build and test the code.",
)
def status_checks(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        needed = any_source(row, lambda s: bool(known(s, "checks")))
        names = sorted({str(name) for source in row["sources"] for name in source["checks"]})
        return (True, f"required: {', '.join(names)}") if needed else (False, "no status check is required")

    yield from on_branches(facts, judge)


@check(
    "github.repo.admins_enforced", title="Nobody may pass the branch's rules by unless approved",
    resource="branch", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.32 A.8.2", facts=FACTS,
    why="Administrators are the ones in a hurry, and the ones whose mistakes reach furthest.",
    remedy="Include administrators in the protection, and empty the bypass lists or approve each entry by name.",
    approved_bypass=(),
)
def admins_enforced(facts: Facts) -> Iterator[Finding]:
    approved = set(facts.thresholds["approved_bypass"])

    def passing(source: Row) -> list[Any]:
        return [who for who in required(source, "bypass") if who not in approved]

    def judge(row: Row) -> tuple[bool, str]:
        if any_source(row, lambda s: _reviewed(1)(s) and not passing(s)):
            return True, "the rules bind administrators too"
        by = sorted({str(who) for source in row["sources"] if _reviewed(1)(source) for who in passing(source)})
        return False, f"may be passed by: {', '.join(by)}" if by else "no rule on reviews binds anyone"

    yield from on_branches(facts, judge)


@check(
    "github.repo.no_force_push", title="Force pushes are blocked", version=2,
    resource="branch", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.32", facts=FACTS,
    why="A force push rewrites what was reviewed and deployed, and takes the record of changes with it.",
    remedy="Do not allow force pushes in the branch's protection.",
)
def no_force_push(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        blocked = any_source(row, _blocked)
        return blocked, "force pushes are blocked" if blocked else "force pushes are allowed"

    yield from on_branches(facts, judge)


@check(
    "github.repo.no_deletion", title="The default branch cannot be deleted",
    resource="branch", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.32", facts=FACTS,
    why="Deleting the branch and pushing another under its name is a force push with one step more.",
    remedy="Do not allow deletions in the branch's protection.",
)
def no_deletion(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        blocked = any_source(row, lambda s: bool(required(s, "deletion_blocked")))
        return blocked, "deletion is blocked" if blocked else "the branch may be deleted"

    yield from on_branches(facts, judge)
