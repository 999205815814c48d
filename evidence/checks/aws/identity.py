"""Where people sign in: Identity Center, its assignments, and Access Analyzer's watch over what is shared."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import account, arn
from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, check, each, known, required

REPORT, USERS, INSTANCES = "aws.iam.credential_report", "aws.iam.users", "aws.sso.instances"
SUMMARY = "aws.iam.account_summary"
ASSIGNMENTS, ANALYZERS = "aws.sso.assignments", "aws.accessanalyzer.analyzers"


@check(
    "aws.sso.enabled", title="There is one place to sign in: Identity Center", resource="account",
    severity=Severity.MEDIUM, criteria="CC6.1 CC6.2", annex_a="A.5.16", facts=(INSTANCES, SUMMARY), version=2, whole=True,
    why="One place to sign in means one place to switch a leaver off.",
    remedy="Enable IAM Identity Center in the organisation's management account and assign people there.",
)  # fmt: skip
def sso_enabled(facts: Facts) -> Iterator[Finding]:
    home = account(facts.one(SUMMARY))
    if not facts.rows(INSTANCES):
        yield Finding(home, Outcome.FAIL, "There is no Identity Center instance.")
        return
    yield from each(facts, INSTANCES, arn, _active)


def _active(row: Row) -> tuple[bool, str]:
    status = required(row, "status")
    return status == "ACTIVE", "" if status == "ACTIVE" else f"The instance is {str(status).lower().replace('_', ' ')}."


@check(
    "aws.sso.no_passwords", title="People have no IAM console passwords", resource="IAM user",
    severity=Severity.MEDIUM, criteria="CC6.1 CC6.2", annex_a="A.5.16", facts=(REPORT, USERS),
    why="A console password goes around the one place to sign in: it outlives the day on which a leaver is switched off.",
    remedy="Remove the console password; tag the few emergency users break-glass=true.",
)  # fmt: skip
def no_passwords(facts: Facts) -> Iterator[Finding]:
    spared = {
        arn(row) for row in facts.rows(USERS) if str(known(row, "tags").get("break-glass", "")).lower() == "true"
    }

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "root"):
            return None
        password = required(row, "password_enabled")
        if arn(row) in spared:
            return None
        return not password, f"{row['user']} has a console password." if password else ""

    return each(facts, REPORT, arn, judge)


@check(
    "aws.sso.assignments", title="Identity Center assignments, for review", resource="permission set",
    severity=Severity.MEDIUM, criteria="CC6.2 CC6.3", annex_a="A.5.18", facts=ASSIGNMENTS, population=True, whole=True,
    why="This is the list an access review of AWS works from; it is only evidence once somebody has reviewed it.",
    remedy="Open an access review on this population and decide each assignment.",
)  # fmt: skip
def sso_assignments(facts: Facts) -> Iterator[Finding]:
    for found in each(facts, ASSIGNMENTS, arn, _listed):
        yield found if found.outcome is Outcome.UNKNOWN else Finding(
            found.resource, Outcome.NOT_APPLICABLE, found.message
        )


def _listed(row: Row) -> tuple[bool, str]:
    return False, f"{required(row, 'name')}: {len(required(row, 'assignments'))} assignments; awaits review."


@check(
    "aws.accessanalyzer.enabled", title="An external-access analyzer is active in every region", resource="region",
    severity=Severity.MEDIUM, criteria="CC6.6 CC7.1", annex_a="A.5.15 A.8.16", facts=ANALYZERS,
    why="It is the only continuous answer to what of ours can be reached from outside.",
    remedy="IAM, Access Analyzer, Create analyzer: external access, zone of trust the account or the organisation.",
)  # fmt: skip
def accessanalyzer_enabled(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        active = [
            one for one in required(row, "analyzers")
            if one["status"] == "ACTIVE" and one["type"] in ("ACCOUNT", "ORGANIZATION")
        ]  # fmt: skip
        return bool(active), "" if active else "No active analyzer of external access."

    return each(facts, ANALYZERS, arn, judge)
