"""Where people sign in: Identity Center, its assignments, and Access Analyzer's watch over what is shared."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import account, arn
from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, check, each, known, required

REPORT, USERS, INSTANCES = "aws.iam.credential_report", "aws.iam.users", "aws.sso.instances"
ASSIGNMENTS, ANALYZERS = "aws.sso.assignments", "aws.accessanalyzer.analyzers"


@check(
    "aws.sso.enabled", title="People reach AWS through Identity Center, not with IAM passwords", resource="account",
    severity=Severity.MEDIUM, criteria="CC6.1 CC6.2", annex_a="A.5.16", facts=(INSTANCES, REPORT, USERS),
    why="One place to sign in means one place to switch a leaver off.",
    remedy="Enable IAM Identity Center, assign people there, and remove the IAM console passwords; tag the few "
    "emergency users break-glass=true.",
)  # fmt: skip
def sso_enabled(facts: Facts) -> Iterator[Finding]:
    spared = {
        arn(row) for row in facts.rows(USERS) if str(known(row, "tags").get("break-glass", "")).lower() == "true"
    }
    people = [
        str(row["user"]) for row in facts.rows(REPORT)
        if not required(row, "root") and required(row, "password_enabled") and arn(row) not in spared
    ]  # fmt: skip
    resource = account(facts.rows(REPORT)[0])
    if people:
        shown = ", ".join(people[:5]) + (" and others" if len(people) > 5 else "")
        yield Finding(resource, Outcome.FAIL, f"{len(people)} IAM users have a console password: {shown}.")
        return
    instances = [known(row, "arn") for row in facts.rows(INSTANCES)]
    met = Outcome.PASS if instances else Outcome.FAIL
    yield Finding(resource, met, "" if instances else "There is no Identity Center instance.")


@check(
    "aws.sso.assignments", title="Identity Center assignments, for review", resource="permission set",
    severity=Severity.MEDIUM, criteria="CC6.2 CC6.3", annex_a="A.5.18", facts=ASSIGNMENTS, population=True,
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
