"""What the watchers found, and whether it was closed in time; and how far patches lag."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import arn, days_since, overdue
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required

THREATS, ISSUES, VULNERABILITIES = "aws.guardduty.findings", "aws.securityhub.findings", "aws.inspector.findings"
INSTANCES, STATES = "aws.ssm.instances", "aws.ssm.patch_states"


@check(
    "aws.guardduty.findings_sla", title="High GuardDuty findings are dealt with in time", resource="finding",
    severity=Severity.HIGH, criteria="CC7.3 CC7.4", annex_a="A.5.25 A.5.26", facts=THREATS, days=7,
    why="A detection that nobody answers is worse than none: the auditor asks what was done about each.",
    remedy="Investigate, write the incident, and archive the finding with the reason.",
)  # fmt: skip
def threats_in_time(facts: Facts) -> Iterator[Finding]:
    limit = facts.thresholds["days"]

    def judge(row: Row) -> tuple[bool, str]:
        age = days_since(facts, known(row, "first_seen") or required(row, "created"))
        return age <= limit, f"{row.get('title') or row.get('type')}: open for {age} days; {limit} are allowed."

    return each(facts, THREATS, arn, judge)


@check(
    "aws.securityhub.critical_sla", title="Critical and high Security Hub findings are closed in time",
    resource="finding", severity=Severity.HIGH, criteria="CC7.1 CC4.2", annex_a="A.8.8", facts=ISSUES,
    critical_days=15, high_days=30,
    why="Deviations found by our own monitoring and left open are deficiencies that we knew of.",
    remedy="Put right what the finding names, or suppress it in Security Hub with the reason and its approver.",
)  # fmt: skip
def issues_in_time(facts: Facts) -> Iterator[Finding]:
    limits = {"CRITICAL": facts.thresholds["critical_days"], "HIGH": facts.thresholds["high_days"]}

    def judge(row: Row) -> tuple[bool, str] | None:
        closed = (
            row.get("workflow") in ("RESOLVED", "SUPPRESSED") or row.get("state") == "ARCHIVED"
            or row.get("status") == "PASSED"
        )  # fmt: skip
        return None if closed else overdue(facts, row, limits, str(row.get("about") or "account"))

    return each(facts, ISSUES, arn, judge)


@check(
    "aws.inspector.vuln_sla", title="Vulnerabilities are closed within the days their severity allows",
    resource="finding", severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8", facts=VULNERABILITIES,
    critical_days=15, high_days=30, medium_days=90,
    why="The policy promises a number of days; the auditor counts them from the scanner's own first sight.",
    remedy="Patch, rebuild the image, or record a risk acceptance with an end date.",
)  # fmt: skip
def vulnerabilities_in_time(facts: Facts) -> Iterator[Finding]:
    limits = {name.upper(): facts.thresholds[f"{name}_days"] for name in ("critical", "high", "medium")}
    return each(
        facts, VULNERABILITIES, arn, lambda row: overdue(facts, row, limits, str(row.get("about") or "resource"))
    )


@check(
    "aws.ssm.patch_compliance", title="Managed instances have their patches", resource="instance",
    severity=Severity.HIGH, criteria="CC7.1 CC8.1", annex_a="A.8.8", facts=(INSTANCES, STATES), days=30,
    why="A patch baseline that is not met shows that patching is a plan and not a practice.",
    remedy="Run AWS-RunPatchBaseline with Install in the next window, or replace the instance from a patched image.",
)  # fmt: skip
def patch_compliance(facts: Facts) -> Iterator[Finding]:
    states = {str(row.get("id")): row for row in facts.rows(STATES)}

    def judge(row: Row) -> tuple[bool, str]:
        state = states.get(required(row, "id"))
        if state is None:
            return False, "It has never been scanned for patches."
        lag = required(state, "missing") + required(state, "failed")
        age = days_since(facts, required(state, "scanned"), "scanned")
        if lag:
            return False, f"{state['missing']} patches missing, {state['failed']} failed."
        return age <= facts.thresholds["days"], f"Last scanned {age} days ago."

    return each(facts, INSTANCES, arn, judge)
