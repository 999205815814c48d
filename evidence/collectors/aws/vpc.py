"""VPCs with their flow logs, and security groups with their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import name_of, row, tags, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.ec2 import arn
from evidence.collectors.aws.kinds import actions, listed
from evidence.collectors.base import Context, FactKind, Page

_VPCS, _FLOWS = "ec2:DescribeVpcs", "ec2:DescribeFlowLogs"


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        yield from session.pages("ec2", "DescribeFlowLogs", region, expect="FlowLogs")
        yield from session.pages("ec2", "DescribeVpcs", region, expect="Vpcs")

    return session.by_region(fetch)


def _rows(pages: Sequence[Page]) -> Iterator[Row]:
    flows = [flow for page in pages if page.call == _FLOWS for flow in page.body.get("FlowLogs") or ()]
    for page in pages:
        if page.call == _VPCS and isinstance(page.body.get("Vpcs"), list):
            for item in page.body["Vpcs"]:
                yield row(page, item, lambda item, where: _vpc(item, where, flows))
        elif page.call == _VPCS or "error" in page.body:
            yield unread(page)


def _vpc(item: Mapping[str, Any], where: Mapping[str, Any], flows: list[Mapping[str, Any]]) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    mine = [flow for flow in flows if flow.get("ResourceId") == item["VpcId"]]
    return {
        "arn": arn(where, "vpc", item["VpcId"]), "name": name_of(tagged, item["VpcId"]), "tags": tagged,
        "default": item.get("IsDefault"),
        "flow_logs": [
            {"id": flow.get("FlowLogId"), "status": flow.get("FlowLogStatus"), "traffic": flow.get("TrafficType")}
            for flow in mine
        ],
    }  # fmt: skip


def _group(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    return {
        "arn": arn(where, "security-group", item["GroupId"]), "name": item.get("GroupName"), "tags": tagged,
        "vpc": item.get("VpcId"), "default": item.get("GroupName") == "default",
        "ingress": [_rule(rule) for rule in item["IpPermissions"]],
        "egress": [_rule(rule) for rule in item["IpPermissionsEgress"]],
    }  # fmt: skip


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """One rule: protocol (`-1` is every one), ports (None is every one), and the addresses it opens to."""
    return {
        "protocol": rule["IpProtocol"], "from": rule.get("FromPort"), "to": rule.get("ToPort"),
        "ranges": [one["CidrIp"] for one in rule.get("IpRanges") or ()]
        + [one["CidrIpv6"] for one in rule.get("Ipv6Ranges") or ()],
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    FactKind("aws.vpc.vpcs", "VPCs and their flow logs", _collect, _rows, actions(_VPCS, _FLOWS), can_be_empty=True),
    listed("aws.ec2.security_groups", "Security groups", "ec2:DescribeSecurityGroups", "SecurityGroups", _group),
)
