"""AWS Config: the configuration recorder of each region, and whether it records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import regional
from evidence.collectors.base import Context, FactKind

_CALLS = ("config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus")


def _ask(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    return {
        "DescribeConfigurationRecorders": session.call(
            "config", "DescribeConfigurationRecorders", region, expect="ConfigurationRecorders"
        ),
        "DescribeConfigurationRecorderStatus": session.attempt(
            "config", "DescribeConfigurationRecorderStatus", region, expect="ConfigurationRecordersStatus"
        ),
    }


def _read(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "recorders": field(answers, _CALLS[0].split(":")[1], lambda a: [
            {
                "name": one["name"],
                "all_supported": one.get("recordingGroup", {}).get("allSupported"),
                "strategy": one.get("recordingGroup", {}).get("recordingStrategy", {}).get("useOnly"),
            }
            for one in a["ConfigurationRecorders"]
        ]),
        "recording": field(answers, _CALLS[1].split(":")[1], lambda a: {
            one["name"]: one["recording"] for one in a["ConfigurationRecordersStatus"]
        }),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    regional("aws.config.recorders", "AWS Config recorders", _CALLS, _ask, _read),
)
