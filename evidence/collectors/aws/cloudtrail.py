"""CloudTrail: the trails that reach this account, whether they log, and what they record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import field, lists, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions
from evidence.collectors.base import Context, FactKind, Page

_CALLS = ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors")


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    trails: dict[str, Mapping[str, Any]] = {}
    for page in session.by_region(
        lambda region: session.pages("cloudtrail", "DescribeTrails", region, expect="trailList")
    ):
        yield page
        for trail in page.body.get("trailList", ()):
            trails.setdefault(trail.get("TrailARN", ""), trail)  # a multi-region trail shows in every region
    details = list(session.gather(lambda trail: _detail(session, trail), trails.values()))
    yield session.page(_CALLS[1], {"resources": details})


def _detail(session: AwsSession, trail: Mapping[str, Any]) -> dict[str, Any]:
    arn, home = trail.get("TrailARN", ""), trail.get("HomeRegion")
    return {
        "item": trail,
        "answers": {
            "GetTrailStatus": session.attempt("cloudtrail", "GetTrailStatus", home, Name=arn, expect="IsLogging"),
            "GetEventSelectors": session.attempt("cloudtrail", "GetEventSelectors", home, TrailName=arn),
        },
    }  # fmt: skip


def _trail(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    trail, answers = detail["item"], detail["answers"]
    return {
        "arn": trail["TrailARN"], "name": trail.get("Name"), "region": trail.get("HomeRegion"),
        "multi_region": trail.get("IsMultiRegionTrail"), "organization": trail.get("IsOrganizationTrail"),
        "validation": trail.get("LogFileValidationEnabled"), "bucket": trail.get("S3BucketName"),
        "kms_key": trail.get("KmsKeyId"), "log_group": trail.get("CloudWatchLogsLogGroupArn"),
        "logging": field(answers, "GetTrailStatus", lambda a: a["IsLogging"]),
        "delivered": field(answers, "GetTrailStatus", lambda a: a.get("LatestDeliveryTime")),
        "management_events": field(answers, "GetEventSelectors", _records_management),
    }  # fmt: skip


def _records_management(answer: Mapping[str, Any]) -> bool:
    """Whether reads and writes of management events are both recorded, by basic or by advanced selectors."""
    if "EventSelectors" not in answer and "AdvancedEventSelectors" not in answer:
        raise ValueError("no selectors in the answer")
    basic = any(
        selector.get("IncludeManagementEvents") and selector.get("ReadWriteType") == "All"
        for selector in answer.get("EventSelectors") or ()
    )
    return basic or any(_advanced(selector) for selector in answer.get("AdvancedEventSelectors") or ())


def _advanced(selector: Mapping[str, Any]) -> bool:
    fields = {one["Field"]: one for one in selector.get("FieldSelectors") or ()}
    return "Management" in fields.get("eventCategory", {}).get("Equals", ()) and "readOnly" not in fields


def _rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        if page.call == _CALLS[1]:
            yield from lists("resources", _trail)([page])
        elif "error" in page.body:
            yield unread(page)


KINDS = (
    FactKind("aws.cloudtrail.trails", "CloudTrail trails", _collect, _rows, actions(*_CALLS), can_be_empty=True),
)
