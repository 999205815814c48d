"""Password policies, against thresholds that a control's own statement may replace."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required
from evidence.checks.okta.reading import namer


@check(
    "okta.password.policy", title="Passwords are long", version=2,
    resource="policy", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17",
    facts="okta.policies.password", min_length=12,
    why="A short password is guessed.",
    remedy="In Security > Authenticators > Password set the length as the policy says.",
)
def password_policy(facts: Facts) -> Iterable[Finding]:
    least = facts.thresholds["min_length"]

    def judge(settings: Row) -> tuple[bool, str]:
        length = int(required(settings, "complexity.minLength"))
        return length >= least, f"{length} characters" if length >= least else f"{length} characters, {least} wanted"

    return _each_policy(facts, judge)


@check(
    "okta.password.history", title="Old passwords do not return",
    resource="policy", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17", facts="okta.policies.password", history=4,
    why="A password that may be reused comes back after every change.",
    remedy="In Security > Authenticators > Password set the history as the policy says.",
)
def history(facts: Facts) -> Iterable[Finding]:
    least = facts.thresholds["history"]

    def judge(settings: Row) -> tuple[bool, str]:
        kept = int(required(settings, "age.historyCount"))
        return kept >= least, f"remembers {kept}" if kept >= least else f"remembers {kept}, {least} wanted"

    return _each_policy(facts, judge)


@check(
    "okta.password.lockout", title="Guessing locks the account",
    resource="policy", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17", facts="okta.policies.password",
    max_attempts=10,
    why="Without a lock a machine may try passwords until one fits.",
    remedy="In Security > Authenticators > Password set the lockout as the policy says.",
)
def lockout(facts: Facts) -> Iterable[Finding]:
    most = facts.thresholds["max_attempts"]

    def judge(settings: Row) -> tuple[bool, str]:
        attempts = int(required(settings, "lockout.maxAttempts"))
        if attempts <= 0:
            return False, "never locks"
        said = f"locks after {attempts} attempts"
        return attempts <= most, said if attempts <= most else f"{said}, {most} wanted"

    return _each_policy(facts, judge)


@check(
    "okta.password.common", title="Common passwords are refused",
    resource="policy", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17", facts="okta.policies.password",
    why="A common password is guessed, however long it is.",
    remedy="In Security > Authenticators > Password exclude common passwords.",
)
def common(facts: Facts) -> Iterable[Finding]:
    def judge(settings: Row) -> tuple[bool, str]:
        refused = bool(known(settings, "complexity.dictionary.common.exclude"))
        return refused, "common passwords are refused" if refused else "common passwords allowed"

    return _each_policy(facts, judge)


def _each_policy(facts: Facts, judge: Callable[[Row], tuple[bool, str]]) -> Iterable[Finding]:
    """Each active policy of passwords that Okta keeps: one for a directory's users describes the directory's own."""

    def applicable(row: Row) -> tuple[bool, str] | None:
        provider = ((row.get("conditions") or {}).get("authProvider") or {}).get("provider", "OKTA")
        if required(row, "status") != "ACTIVE" or provider not in ("OKTA", "ANY"):
            return None
        return judge(required(row, "settings.password"))

    return each(facts, "okta.policies.password", namer(facts.rows("okta.policies.password"), "policy"), applicable)
