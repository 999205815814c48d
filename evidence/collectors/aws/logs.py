"""CloudWatch: log groups and how long they keep, metric filters, and alarms with whom they call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import lists
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, listed
from evidence.collectors.base import Context, FactKind, Page


def _group(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": str(item["arn"]).removesuffix(":*"), "name": item["logGroupName"],
        "retention": item.get("retentionInDays"), "kms_key": item.get("kmsKeyId"),
    }  # fmt: skip


def _filter(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": f"metric-filter:{where['account']}/{where['region']}/{item['logGroupName']}/{item['filterName']}",
        "log_group": item["logGroupName"], "pattern": item.get("filterPattern") or "",
        "metrics": [
            f"{one['metricNamespace']}/{one['metricName']}" for one in item.get("metricTransformations") or ()
        ],
    }  # fmt: skip


def _alarms(session: AwsSession, context: Context) -> Iterator[Page]:
    return session.by_region(
        lambda region: session.pages("cloudwatch", "DescribeAlarms", region, expect="MetricAlarms",
                                     AlarmTypes=["MetricAlarm"])
    )  # fmt: skip


def _alarm(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    used = [(one.get("MetricStat") or {}).get("Metric") or {} for one in item.get("Metrics") or ()]
    return {
        "arn": item["AlarmArn"], "name": item.get("AlarmName"),
        "metrics": [
            f"{metric.get('Namespace')}/{metric.get('MetricName')}" for metric in [item, *used]
            if metric.get("MetricName")
        ],
        "acts": bool(item.get("ActionsEnabled")) and bool(item.get("AlarmActions")),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    listed("aws.logs.groups", "Log groups and their retention", "logs:DescribeLogGroups", "logGroups", _group),
    listed("aws.logs.metric_filters", "Metric filters on logs", "logs:DescribeMetricFilters", "metricFilters", _filter),
    FactKind(
        "aws.cloudwatch.alarms", "CloudWatch alarms", _alarms, lists("MetricAlarms", _alarm),
        actions("cloudwatch:DescribeAlarms"), can_be_empty=True,
    ),
)  # fmt: skip
