"""Checks of alerts: the scanner is on, and what it found is mended in time. A scanner that is off passes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required
from evidence.checks.github.reading import SCOPE, left_out, past_sla, per_severity, repo

Days = Callable[[Row], int | None]


def _open_alerts(facts: Facts, kind: str, days: Days) -> Iterator[Finding]:
    """Each open alert against its days; None means that no limit applies to it."""
    out = left_out(facts)

    def judge(alert: Row) -> tuple[bool, str] | None:
        if required(alert, "repository") in out or required(alert, "state") != "open":
            return None
        allowed = days(alert)
        return None if allowed is None else past_sla(alert, facts.now, allowed)

    yield from each(facts, kind, lambda a: f"alert:{a.get('repository')}#{a.get('number')}", judge)


def _switched_on(facts: Facts, field: str, what: str) -> Iterator[Finding]:
    """A setting of each repository in scope that is not archived."""
    out = left_out(facts)

    def on(row: Row) -> tuple[bool, str] | None:
        if row.get("archived") or required(row, "repository") in out:
            return None
        enabled = required(row, field) == "enabled"
        return enabled, f"{what} is {'on' if enabled else 'off'}"

    yield from each(facts, "github.repositories", repo, on)


@check(
    "github.dependabot.sla", title="Dependabot alerts are closed within their days", version=2,
    resource="alert", severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8", facts=("github.dependabot_alerts", SCOPE),
    why="Known holes in dependencies are what attackers try first.",
    remedy="Update the dependency, or dismiss the alert with a reason.",
    sla_days={"critical": 7, "high": 30, "medium": 90, "low": 180},
)
def dependabot(facts: Facts) -> Iterator[Finding]:
    yield from _open_alerts(
        facts, "github.dependabot_alerts", lambda a: per_severity(facts.thresholds, required(a, "severity"))
    )


@check(
    "github.dependabot.enabled", title="Dependabot alerts are on",
    resource="repo", severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8", facts=("github.repository_security", SCOPE),
    why="Where nobody looks for known holes, none is ever found.",
    remedy="Switch Dependabot alerts on under Code security.",
)
def dependabot_enabled(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def on(row: Row) -> tuple[bool, str] | None:
        if row["repository"] in out:
            return None
        return (True, "alerts are on") if required(row, "dependabot_alerts") else (False, "Dependabot alerts are off")

    yield from each(facts, "github.repository_security", repo, on)


@check(
    "github.code_scanning.enabled_sla", title="Code scanning runs", version=2,
    resource="repo", severity=Severity.HIGH, criteria="CC7.1 CC8.1", annex_a="A.8.28 A.8.29",
    facts=("github.repository_security", SCOPE),
    why="The same mistake is made in many places; a scanner finds it in all of them.",
    remedy="Enable default set-up under Code security.",
)
def code_scanning(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def on(row: Row) -> tuple[bool, str] | None:
        if row["repository"] in out:
            return None
        if required(row, "default_setup") == "configured" or required(row, "analysed"):
            return True, "code scanning runs"
        # GitHub lists the languages it could scan: none means that there is nothing to scan.
        return (False, "code scanning is not set up") if required(row, "languages") else None

    yield from each(facts, "github.repository_security", repo, on)


@check(
    "github.code_scanning.alerts", title="Code scanning alerts are closed within their days",
    resource="alert", severity=Severity.HIGH, criteria="CC7.1 CC8.1", annex_a="A.8.28 A.8.29",
    facts=("github.code_scanning", SCOPE),
    why="A mistake that was found and left is a mistake that was accepted by nobody.",
    remedy="Mend the code, or dismiss the alert with a reason.",
    sla_days={"critical": 7, "high": 30, "medium": 90, "low": 180},
)
def code_scanning_alerts(facts: Facts) -> Iterator[Finding]:
    # An alert without a security severity is about quality: no limit.
    yield from _open_alerts(
        facts, "github.code_scanning",
        lambda a: per_severity(facts.thresholds, a["severity"]) if known(a, "severity") else None,
    )


@check(
    "github.secret_scanning", title="Secret scanning is on", version=2,
    resource="repo", severity=Severity.CRITICAL, criteria="CC6.1 CC7.1", annex_a="A.8.28 A.5.17",
    facts=("github.repositories", SCOPE),
    why="A key in the code is a key for everyone who can read it, and for everyone who ever could.",
    remedy="Enable secret scanning under Code security.",
)
def secret_scanning(facts: Facts) -> Iterator[Finding]:
    yield from _switched_on(facts, "secret_scanning", "secret scanning")


@check(
    "github.secret_scanning.push_protection", title="A push that holds a secret is stopped",
    resource="repo", severity=Severity.CRITICAL, criteria="CC6.1 CC7.1", annex_a="A.8.28 A.5.17",
    facts=("github.repositories", SCOPE),
    why="A secret that never reaches the repository need not be revoked, nor be looked for in every clone.",
    remedy="Enable push protection under Code security.",
)
def push_protection(facts: Facts) -> Iterator[Finding]:
    yield from _switched_on(facts, "push_protection", "push protection")


@check(
    "github.secret_scanning.alerts", title="No leaked secret stays open",
    resource="alert", severity=Severity.CRITICAL, criteria="CC6.1 CC7.1", annex_a="A.8.28 A.5.17",
    facts=("github.secret_scanning", SCOPE),
    why="From the moment that a secret is in the code, somebody else may be using it.",
    remedy="Revoke the secret, then close the alert.",
    sla_days={"high": 3},
)
def secret_alerts(facts: Facts) -> Iterator[Finding]:
    yield from _open_alerts(facts, "github.secret_scanning", lambda a: per_severity(facts.thresholds, "high"))
