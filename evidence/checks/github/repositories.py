"""Checks of repositories: who sees them, who owns their code, what guards a deployment, and whether we know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required
from evidence.checks.github.reading import SCOPE, left_out, repo, scope


@check(
    "github.repo.private", title="Repositories in scope are private or internal",
    resource="repo", severity=Severity.HIGH, criteria="C1.1 CC6.1", annex_a="A.8.4",
    facts=("github.repositories", SCOPE),
    why="Code in the open shows how the system works, and its history may hold more than its present.",
    remedy="Make the repository private, or record in the scope register that its data is public.",
)
def private(facts: Facts) -> Iterator[Finding]:
    register = scope(facts)

    def judge(row: Row) -> tuple[bool, str] | None:
        entry = register.get(required(row, "repository"), {})
        if entry.get("decision") == "out" or list(entry.get("data_classes") or ()) == ["public"]:
            return None
        hidden = required(row, "private")
        return bool(hidden), f"visibility is {row.get('visibility') or ('private' if hidden else 'public')}"

    yield from each(facts, "github.repositories", repo, judge)


@check(
    "github.repo.scope_decided", title="The scope register knows every repository, with a decision",
    resource="repo", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.9",
    facts=("github.repositories", SCOPE),
    why="A system that nobody decided on is in scope, and nobody looks after it.",
    remedy="Decide in the scope register whether the repository is in or out, with a reason.",
)
def scope_decided(facts: Facts) -> Iterator[Finding]:
    register = scope(facts)

    def judge(row: Row) -> tuple[bool, str] | None:
        if row.get("archived"):
            return None
        entry = register.get(required(row, "repository"))
        decision = entry.get("decision") if entry else None
        if decision in ("in", "out"):
            return True, f"decided: {decision}"
        return False, "undecided in the scope register" if entry else "not in the scope register"

    yield from each(facts, "github.repositories", repo, judge)


@check(
    "github.repo.codeowners", title="CODEOWNERS is present and without errors",
    resource="repo", severity=Severity.LOW, criteria="CC8.1", annex_a="A.8.32",
    facts=("github.codeowners_errors", SCOPE),
    why="Where nobody owns a file, anybody's approval will do. A line with an error is ignored in silence.",
    remedy="Add a CODEOWNERS file, and mend the lines that GitHub marks in it.",
)
def codeowners(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def judge(row: Row) -> tuple[bool, str] | None:
        if row["repository"] in out:
            return None
        if not required(row, "present"):
            return False, "no CODEOWNERS file"
        errors = required(row, "errors")
        return errors == 0, f"{errors} lines with errors"

    yield from each(facts, "github.codeowners_errors", repo, judge)


@check(
    "github.env.prod_reviewers", title="Production deployments wait for a reviewer or come from chosen branches",
    resource="environment", severity=Severity.MEDIUM, criteria="CC8.1", annex_a="A.8.31 A.8.32",
    facts=("github.environments", SCOPE),
    why="Review of the code is worth little if any branch can be deployed past it.",
    remedy="In the repository's settings give the environment required reviewers, or limit its deployment branches.",
    production=("prod", "live"),
)
def production_reviewers(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def judge(row: Row) -> tuple[bool, str] | None:
        name = str(required(row, "environment")).lower()
        if row["repository"] in out or not any(word in name for word in facts.thresholds["production"]):
            return None
        reviewers, policy = required(row, "reviewers"), known(row, "branch_policy")
        if reviewers or policy:
            return True, f"{reviewers} reviewers, {'chosen branches' if policy else 'any branch'}"
        return False, "no reviewer, and any branch may be deployed"

    yield from each(facts, "github.environments", _environment, judge)


def _environment(row: Row) -> str:
    name: Any = row.get("environment")
    return f"environment:{row['repository']}/{name}" if isinstance(name, str) else repo(row)
