"""CloudWatch: logs kept long enough, and alarms that call somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.checks.aws.reading import arn
from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, check, each, known, required

GROUPS, FILTERS, ALARMS = "aws.logs.groups", "aws.logs.metric_filters", "aws.cloudwatch.alarms"
SUMMARY = "aws.iam.account_summary"
#: What a metric filter's pattern must speak of, for each thing that must raise an alarm.
TOPICS = {
    "root-use": re.compile(r"userIdentity\.type\s*=\s*\"?Root"),
    "policy-change": re.compile(r"(Put|Attach)(Role|User|Group)Policy|CreatePolicyVersion"),
}


@check(
    "aws.logs.retention", title="Security logs are kept as long as the policy says", resource="log group",
    severity=Severity.MEDIUM, criteria="CC7.2", annex_a="A.8.15", facts=GROUPS, days=365,
    names=("cloudtrail", "audit", "security", "flow", "vpn", "waf", "guardduty", "auth"),
    why="An intrusion is found months later on average; by then the log must still be there.",
    remedy="CloudWatch, Log groups, Retention: as many days as the policy says, or never expire.",
)  # fmt: skip
def retention(facts: Facts) -> Iterator[Finding]:
    least, names = facts.thresholds["days"], facts.thresholds["names"]

    def judge(row: Row) -> tuple[bool, str] | None:
        if not any(name in str(required(row, "name")).lower() for name in names):
            return None
        kept = known(row, "retention")
        if kept is None:
            return True, "Never expires."
        return kept >= least, f"Kept for {kept} days; {least} are wanted."

    return each(facts, GROUPS, arn, judge)


@check(
    "aws.cloudwatch.alarms", title="Alarms call somebody on root use, policy changes and loss of service",
    resource="alarm", severity=Severity.MEDIUM, criteria="CC7.2 A1.1", annex_a="A.8.16 A.8.6",
    facts=(ALARMS, FILTERS, SUMMARY),
    availability=("AWS/ApplicationELB/", "AWS/NetworkELB/", "AWS/RDS/", "AWS/EC2/", "AWS/ECS/", "AWS/Lambda/",
                  "AWS/Route53/"),
    why="What the log records matters little if nobody is told.",
    remedy="Make a metric filter on the trail's log group and an alarm on it whose action reaches the people on call.",
)  # fmt: skip
def alarms(facts: Facts) -> Iterator[Finding]:
    name = f"account:{facts.one(SUMMARY)['account']}"
    calling = {metric for row in facts.rows(ALARMS) if known(row, "acts") for metric in required(row, "metrics")}
    for topic, pattern in TOPICS.items():
        watched = {
            metric for row in facts.rows(FILTERS) if pattern.search(required(row, "pattern"))
            for metric in required(row, "metrics")
        }  # fmt: skip
        yield _finding(f"{name}/{topic}", bool(watched & calling), f"No alarm that calls somebody on {topic}.")
    serving = any(metric.startswith(facts.thresholds["availability"]) for metric in calling)
    yield _finding(f"{name}/availability", serving, "No alarm that calls somebody on loss of service.")


def _finding(resource: str, met: bool, said: str) -> Finding:
    return Finding(resource, Outcome.PASS if met else Outcome.FAIL, "" if met else said)
