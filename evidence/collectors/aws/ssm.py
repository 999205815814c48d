"""Systems Manager: the instances it manages, and how far their patches lag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import detailed, whole
from evidence.collectors.base import FactKind

_CALLS = ("ssm:DescribeInstanceInformation", "ssm:DescribeInstancePatchStates")


def _fifties(session: AwsSession, region: str) -> Iterator[list[dict[str, Any]]]:
    """Patch states are asked for by instance id, at most fifty at a time."""
    for answer in session.answers("ssm", "DescribeInstanceInformation", region):
        managed = answer["InstanceInformationList"]
        yield from (managed[start : start + 50] for start in range(0, len(managed), 50))


def _ask(session: AwsSession, region: str, instances: list[dict[str, Any]]) -> dict[str, Any]:
    ids = [instance["InstanceId"] for instance in instances]
    return {
        "DescribeInstancePatchStates": whole(
            session, "ssm", "DescribeInstancePatchStates", region, "InstancePatchStates", InstanceIds=ids
        )
    }


def _make(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    raise NotImplementedError


KINDS: tuple[FactKind, ...] = ()
