"""Checks of the population of changes: each merged change by itself, not the setting that should have held it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.base import Facts, Finding, Outcome, Reason, Row, Severity, Unreadable, check, known, required
from evidence.checks.github.reading import SCOPE, latest, left_out, unread

Judged = tuple[bool, str] | None


def _each_change(facts: Facts, kind: str, item: str, judge: Callable[[Row], Judged]) -> Iterator[Finding]:
    """Judge each item of a population. A repository that could not be read is unknown; its known items stay."""
    out = left_out(facts)
    for row in latest(facts.rows(kind)):
        if row.get(item) is None and "read" in row:
            gap = unread(row)
            if gap is not None and row["repository"] not in out:
                yield gap
            continue
        resource = f"change:{row['id']}"
        try:
            judged = None if row["repository"] in out else judge(row)
        except Unreadable as gap:
            yield Finding(resource, Outcome.UNKNOWN, str(gap), gap.reason)
            continue
        except (KeyError, TypeError, AttributeError) as fault:
            yield Finding(resource, Outcome.UNKNOWN, f"unexpected answer: {fault!r}", Reason.MALFORMED)
            continue
        if judged is None:
            yield Finding(resource, Outcome.NOT_APPLICABLE)
        else:
            yield Finding(resource, Outcome.PASS if judged[0] else Outcome.FAIL, judged[1])


@check(
    "github.pr.approved_by_other", title="Each merged change was approved by someone other than its author",
    resource="pull request", severity=Severity.CRITICAL, criteria="CC8.1", annex_a="A.8.32",
    facts=("github.merged_pull_requests", SCOPE),
    why="Auditors sample merged changes, not settings: one that nobody else approved is an exception in the report.",
    remedy="Have the change reviewed now and record it; then find out how it passed the branch's rules.",
)
def approved_by_other(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> Judged:
        author, approvals = required(row, "author"), required(row, "approvals")
        if not approvals:
            return False, f"{author} merged it with nobody else's approval: {row.get('title')}"
        now = [a["by"] for a in approvals if a.get("current") is True]
        if now:
            return True, f"approved by {', '.join(now)}"
        for approval in approvals:
            required(approval, "current")  # an approval of an unknown commit: nobody can say
        return False, f"approved by {approvals[0]['by']} before the last push only: {row.get('title')}"

    yield from _each_change(facts, "github.merged_pull_requests", "number", judge)


@check(
    "github.pr.ci_passed", title="Each merged change had its checks green",
    resource="pull request", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.29",
    facts=("github.merged_pull_requests", SCOPE),
    why="A change merged with failing tests reached production untested, whatever the policy says.",
    remedy="Record why the change was merged, and require the failing check on the branch.",
)
def ci_passed(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> Judged:
        state = required(row, "checks.state")
        if state == "pending":
            raise Unreadable(Reason.NOT_COLLECTED, "a check was still running; it is read again")
        if state == "failed":
            return False, f"merged with failing checks: {', '.join(row['checks'].get('failed', ()))}"
        return state == "passed", "checks passed" if state == "passed" else "no check ran on the merged commit"

    yield from _each_change(facts, "github.merged_pull_requests", "number", judge)


@check(
    "github.commits.direct_push", title="Commits without a pull request are listed and reviewed",
    resource="commit", severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.32",
    facts=("github.direct_pushes", SCOPE), population=True,
    why="They are the emergency changes, or the way around review. Auditors ask for the list.",
    remedy="Review each after the fact, and record who did and why it could not wait.",
    allowed_authors=(),
)
def direct_push(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> Judged:
        if known(row, "pull") is not None or row.get("author") in facts.thresholds["allowed_authors"]:
            return None
        return False, f"{row.get('author')} pushed without a pull request: {row.get('message')}"

    yield from _each_change(facts, "github.direct_pushes", "sha", judge)
