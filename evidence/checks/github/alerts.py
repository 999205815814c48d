"""Checks of alerts: the scanner is on, and what it found is mended in time. A scanner that is off passes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, Unreadable, check, each, known, required
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

    try:
        yield from each(facts, kind, lambda a: f"alert:{a.get('repository')}#{a.get('number')}", judge)
    except Unreadable as gap:  # what is known of the repositories still stands
        yield Finding("*", Outcome.UNKNOWN, str(gap), gap.reason)


@check(
    "github.dependabot.sla", title="Dependabot alerts are on, and closed within their days",
    resource="alert", severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8",
    facts=("github.repository_security", "github.dependabot_alerts", SCOPE),
    why="Known holes in dependencies are what attackers try first.",
    remedy="Update the dependency, or dismiss the alert with a reason; switch alerts on where they are off.",
    sla_days={"critical": 7, "high": 30, "medium": 90, "low": 180},
)
def dependabot(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def on(row: Row) -> tuple[bool, str] | None:
        if row["repository"] in out:
            return None
        return (True, "alerts are on") if required(row, "dependabot_alerts") else (False, "Dependabot alerts are off")

    yield from each(facts, "github.repository_security", repo, on)
    yield from _open_alerts(
        facts, "github.dependabot_alerts", lambda a: per_severity(facts.thresholds, required(a, "severity"))
    )


@check(
    "github.code_scanning.enabled_sla", title="Code scanning runs, and its alerts are closed within their days",
    resource="alert", severity=Severity.HIGH, criteria="CC7.1 CC8.1", annex_a="A.8.28 A.8.29",
    facts=("github.repository_security", "github.code_scanning", SCOPE),
    why="The same mistake is made in many places; a scanner finds it in all of them.",
    remedy="Enable default set-up under Code security, and mend or dismiss alerts with a reason.",
    sla_days={"critical": 7, "high": 30, "medium": 90, "low": 180},
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
    # An alert without a security severity is about quality: no limit.
    yield from _open_alerts(
        facts, "github.code_scanning",
        lambda a: per_severity(facts.thresholds, a["severity"]) if known(a, "severity") else None,
    )


@check(
    "github.secret_scanning", title="Secret scanning and push protection are on, and no leak stays open",
    resource="alert", severity=Severity.CRITICAL, criteria="CC6.1 CC7.1", annex_a="A.8.28 A.5.17",
    facts=("github.repositories", "github.secret_scanning", SCOPE),
    why="A key in the code is a key for everyone who can read it, and for everyone who ever could.",
    remedy="Revoke the secret, then close the alert; enable secret scanning with push protection.",
    sla_days={"high": 3},
)
def secret_scanning(facts: Facts) -> Iterator[Finding]:
    out = left_out(facts)

    def on(row: Row) -> tuple[bool, str] | None:
        if row.get("archived") or required(row, "repository") in out:
            return None
        off = [n for n in ("secret_scanning", "push_protection") if required(row, n) != "enabled"]
        return not off, f"off: {', '.join(off).replace('_', ' ')}" if off else "scanning and push protection are on"

    yield from each(facts, "github.repositories", repo, on)
    yield from _open_alerts(facts, "github.secret_scanning", lambda a: per_severity(facts.thresholds, "high"))
