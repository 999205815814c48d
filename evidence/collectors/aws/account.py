"""The account itself: its regions, and which of them this connection looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import row, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions
from evidence.collectors.base import Context, FactKind, Page


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    for body in session.shared("ec2", "DescribeRegions", expect="Regions", AllRegions=True):
        yield session.page("ec2:DescribeRegions", {**body, "collected": list(session.regions)})


def _rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        if not isinstance(page.body.get("Regions"), list):
            yield unread(page)
            continue
        for item in page.body["Regions"]:
            yield row(page, item, partial(_region, page.body["collected"]))


def _region(collected: Sequence[str], item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": f"account:{where['account']}/{item['RegionName']}", "name": item["RegionName"],
        "enabled": item.get("OptInStatus", "") != "not-opted-in", "collected": item["RegionName"] in collected,
    }  # fmt: skip


KINDS = (
    FactKind("aws.account.regions", "Regions of the account", _collect, _rows, actions("ec2:DescribeRegions")),
)
