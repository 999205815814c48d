"""The network: what the world can reach, and whether traffic is written down."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import arn
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, required

GROUPS, VPCS = "aws.ec2.security_groups", "aws.vpc.vpcs"
_WORLD = {"0.0.0.0/0", "::/0"}


@check(
    "aws.ec2.sg_no_admin_world", title="Nobody outside can knock on administration or database ports",
    resource="security group", severity=Severity.CRITICAL, criteria="CC6.6", annex_a="A.8.20 A.8.22", facts=GROUPS,
    ports=(22, 3389, 1433, 1521, 3306, 5432, 5439, 6379, 9200, 11211, 27017),
    why="An open port 22 is tried by password guessers within minutes.",
    remedy="Remove the rule; reach machines through Session Manager, and databases from within the VPC.",
)  # fmt: skip
def sg_no_admin_world(facts: Facts) -> Iterator[Finding]:
    ports = facts.thresholds["ports"]

    def judge(row: Row) -> tuple[bool, str]:
        wide = [rule for rule in required(row, "ingress") if _WORLD & set(rule["ranges"])]
        reached = sorted({port for rule in wide for port in ports if _covers(rule, port)})
        said = f"{row['name']} opens {', '.join(map(str, reached))} to the world." if reached else ""
        return not reached, said

    return each(facts, GROUPS, arn, judge)


def _covers(rule: Row, port: int) -> bool:
    if rule["protocol"] == "-1":
        return True
    if rule["protocol"] not in ("tcp", "6", "udp", "17"):
        return False
    low, high = rule["from"], rule["to"]
    return low is None or high is None or low <= port <= high


@check(
    "aws.ec2.default_sg_closed", title="Default security groups have no rules", resource="security group",
    severity=Severity.MEDIUM, criteria="CC6.6", annex_a="A.8.20", facts=GROUPS,
    why="What is started without a thought about its group lands in the default one.",
    remedy="Remove every inbound and outbound rule of the VPC's default group.",
)  # fmt: skip
def default_sg_closed(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if not required(row, "default"):
            return None
        rules = len(required(row, "ingress")) + len(required(row, "egress"))
        return rules == 0, f"It has {rules} rules." if rules else ""

    return each(facts, GROUPS, arn, judge)


@check(
    "aws.vpc.flow_logs", title="Every VPC writes flow logs", resource="VPC", severity=Severity.MEDIUM,
    criteria="CC7.2", annex_a="A.8.15 A.8.20", facts=VPCS,
    why="Flow logs are how one finds out afterwards where the data went.",
    remedy="VPC, Flow logs, Create: all traffic, to the log archive.",
)  # fmt: skip
def flow_logs(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        active = [one for one in required(row, "flow_logs") if one["status"] == "ACTIVE"]
        return bool(active), "" if active else f"{row['name']} has no active flow log."

    return each(facts, VPCS, arn, judge)
