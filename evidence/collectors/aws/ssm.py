"""Systems Manager: the instances that it manages, and how far their patches lag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import lists
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, listed
from evidence.collectors.base import Context, FactKind, Page

_INSTANCES, _STATES = "ssm:DescribeInstanceInformation", "ssm:DescribeInstancePatchStates"


def _instance(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": item["InstanceId"], "arn": f"instance:{where['account']}/{where['region']}/{item['InstanceId']}",
        "ping": item.get("PingStatus"), "last_ping": item.get("LastPingDateTime"),
        "platform": item.get("PlatformName"), "type": item.get("ResourceType"),
    }  # fmt: skip


def _states(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        managed = session.shared("ssm", "DescribeInstanceInformation", region, expect="InstanceInformationList")
        ids = [one["InstanceId"] for answer in managed for one in answer["InstanceInformationList"]]
        if not ids:
            yield session.page(_STATES, {"InstancePatchStates": []}, region)
        for start in range(0, len(ids), 50):  # AWS takes fifty ids in one question
            yield from session.pages(
                "ssm", "DescribeInstancePatchStates", region, expect="InstancePatchStates",
                InstanceIds=ids[start : start + 50],
            )  # fmt: skip

    return session.by_region(fetch)


def _state(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": item["InstanceId"], "arn": f"instance:{where['account']}/{where['region']}/{item['InstanceId']}",
        "missing": item.get("MissingCount"), "failed": item.get("FailedCount"),
        "critical": item.get("CriticalNonCompliantCount"), "security": item.get("SecurityNonCompliantCount"),
        "scanned": item.get("OperationEndTime"),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    listed("aws.ssm.instances", "Instances managed by Systems Manager", _INSTANCES, "InstanceInformationList",
           _instance, shared=True),
    FactKind(
        "aws.ssm.patch_states", "Patch states of managed instances", _states, lists("InstancePatchStates", _state),
        actions(_INSTANCES, _STATES), can_be_empty=True,
    ),
)  # fmt: skip
