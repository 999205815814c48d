"""Security Hub: the hub of each region with its standards, and its open critical and high findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row
from evidence.collectors.aws.answers import field, lists, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, regional, whole_or_error
from evidence.collectors.base import Context, FactKind, Page

#: What Security Hub answers in a region where it is not switched on.
_OFF = ("InvalidAccessException",)


def _is(value: str) -> dict[str, str]:
    return {"Value": value, "Comparison": "EQUALS"}


_OPEN = {
    "RecordState": [_is("ACTIVE")],
    "WorkflowStatus": [_is("NEW"), _is("NOTIFIED")],
    "SeverityLabel": [_is("CRITICAL"), _is("HIGH")],
}


def _hub(session: AwsSession, region: str) -> dict[str, Any]:
    return session.shared("securityhub", "DescribeHub", region, expect="HubArn", absent=_OFF)[0]


def _ask(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    hub = _hub(session, region)
    if "absent" in hub:
        return {"DescribeHub": hub, "GetEnabledStandards": hub}
    standards = whole_or_error(session, "securityhub", "GetEnabledStandards", region, "StandardsSubscriptions")
    return {"DescribeHub": hub, "GetEnabledStandards": standards}


def _read(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "enabled": field(answers, "DescribeHub", lambda a: bool(a["HubArn"]), absent=False),
        "standards": field(
            answers, "GetEnabledStandards",
            lambda a: [{"arn": one["StandardsArn"], "status": one["StandardsStatus"]}
                       for one in a["StandardsSubscriptions"]],
            absent=[],
        ),
    }  # fmt: skip


def _findings(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        hub = _hub(session, region)
        if "absent" in hub:
            yield session.page("securityhub:DescribeHub", hub, region)
            return
        # A delegated administrator is answered for all its members: only our account is asked about.
        wanted = {**_OPEN, "AwsAccountId": [_is(session.account)]}
        yield from session.pages("securityhub", "GetFindings", region, Filters=wanted)

    return session.by_region(fetch)


def _finding(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    resources = item.get("Resources") or [{}]
    return {
        "arn": item["Id"], "title": item.get("Title"), "severity": (item.get("Severity") or {}).get("Label"),
        "status": (item.get("Compliance") or {}).get("Status"),
        "workflow": (item.get("Workflow") or {}).get("Status"), "state": item.get("RecordState"),
        "first_seen": item.get("FirstObservedAt") or item.get("CreatedAt"), "about": resources[0].get("Id"),
    }  # fmt: skip


def _finding_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        if "absent" in page.body:
            yield unread(page, Reason.NOT_LICENSED.value)
        else:
            yield from lists("Findings", _finding)([page])


KINDS: tuple[FactKind, ...] = (
    regional(
        "aws.securityhub.hubs", "Security Hub and its standards",
        ("securityhub:DescribeHub", "securityhub:GetEnabledStandards"), _ask, _read,
    ),
    FactKind(
        "aws.securityhub.findings", "Open critical and high findings of Security Hub", _findings, _finding_rows,
        actions("securityhub:DescribeHub", "securityhub:GetFindings"), can_be_empty=True,
    ),
)  # fmt: skip
