"""Password policies, against thresholds that a control's own statement may replace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required
from evidence.checks.okta.reading import namer


@check(
    "okta.password.policy",
    title="Password policies are long, remembered, locking and screened",
    resource="policy", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17",
    facts="okta.policies.password", min_length=12, history=4, max_attempts=10,
    why="A short or common password is guessed, and one that may be reused comes back after every change.",
    remedy="In Security > Authenticators > Password set length, history and lockout as the policy says, and exclude "
    "common passwords.",
)
def password_policy(facts: Facts) -> Iterable[Finding]:
    rows = facts.rows("okta.policies.password")

    def judge(row: Row) -> tuple[bool, str] | None:
        # A policy for a directory's users describes that directory's passwords, which are not kept in Okta.
        provider = ((row.get("conditions") or {}).get("authProvider") or {}).get("provider", "OKTA")
        if required(row, "status") != "ACTIVE" or provider not in ("OKTA", "ANY"):
            return None
        faults = _faults(required(row, "settings.password"), facts.thresholds)
        return not faults, "; ".join(faults) or "as the policy says"

    return each(facts, "okta.policies.password", namer(rows, "policy"), judge)


def _faults(settings: Row, wanted: Mapping[str, Any]) -> list[str]:
    length = int(required(settings, "complexity.minLength"))
    history = int(required(settings, "age.historyCount"))
    attempts = int(required(settings, "lockout.maxAttempts"))
    faults = []
    if length < wanted["min_length"]:
        faults.append(f"{length} characters, {wanted['min_length']} wanted")
    if history < wanted["history"]:
        faults.append(f"remembers {history}, {wanted['history']} wanted")
    if attempts <= 0:
        faults.append("never locks")
    elif attempts > wanted["max_attempts"]:
        faults.append(f"locks after {attempts} attempts, {wanted['max_attempts']} wanted")
    if not known(settings, "complexity.dictionary.common.exclude"):
        faults.append("common passwords allowed")
    return faults
