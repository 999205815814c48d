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
    "aws.cloudwatch.alarms", title="An alarm calls somebody when the root user is used", version=2,
    resource="alarm", severity=Severity.MEDIUM, criteria="CC7.2 A1.1", annex_a="A.8.16 A.8.6",
    facts=(ALARMS, FILTERS, SUMMARY),
    why="What the log records matters little if nobody is told.",
    remedy="Make a metric filter on the trail's log group and an alarm on it whose action reaches the people on call.",
)  # fmt: skip
def alarms(facts: Facts) -> Iterator[Finding]:
    yield _on_topic(facts, "root-use")


@check(
    "aws.cloudwatch.policy_change_alarms", title="An alarm calls somebody when a policy is changed",
    resource="alarm", severity=Severity.MEDIUM, criteria="CC7.2", annex_a="A.8.16", facts=(ALARMS, FILTERS, SUMMARY),
    why="Whoever widens a policy widens what every later step may do; it is seen at once or a year later.",
    remedy="Make a metric filter on policy changes and an alarm on it whose action reaches the people on call.",
)  # fmt: skip
def policy_change_alarms(facts: Facts) -> Iterator[Finding]:
    yield _on_topic(facts, "policy-change")


@check(
    "aws.cloudwatch.availability_alarms", title="Alarms call somebody on loss of service",
    resource="alarm", severity=Severity.MEDIUM, criteria="A1.1", annex_a="A.8.6", facts=(ALARMS, SUMMARY),
    availability=("AWS/ApplicationELB/", "AWS/NetworkELB/", "AWS/RDS/", "AWS/EC2/", "AWS/ECS/", "AWS/Lambda/",
                  "AWS/Route53/"),
    why="An outage that customers report first was an outage that nobody watched for.",
    remedy="Make an alarm on the load balancers or databases whose action reaches the people on call.",
)  # fmt: skip
def availability_alarms(facts: Facts) -> Iterator[Finding]:
    serving = any(metric.startswith(tuple(facts.thresholds["availability"])) for metric in _calling(facts))
    yield _finding(f"{_here(facts)}/availability", serving, "No alarm that calls somebody on loss of service.")


def _on_topic(facts: Facts, topic: str) -> Finding:
    name, calling = _here(facts), _calling(facts)
    watched = {
        metric for row in facts.rows(FILTERS) if TOPICS[topic].search(required(row, "pattern"))
        for metric in required(row, "metrics")
    }  # fmt: skip
    return _finding(f"{name}/{topic}", bool(watched & calling), f"No alarm that calls somebody on {topic}.")


def _here(facts: Facts) -> str:
    return f"account:{facts.one(SUMMARY)['account']}"


def _calling(facts: Facts) -> set[str]:
    """The metrics on which an alarm calls somebody."""
    return {metric for row in facts.rows(ALARMS) if required(row, "acts") for metric in required(row, "metrics")}


def _finding(resource: str, met: bool, said: str) -> Finding:
    return Finding(resource, Outcome.PASS if met else Outcome.FAIL, "" if met else said)
