"""The account itself: its regions, and which of them this connection looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
        looked_at = page.body["collected"]
        for item in page.body["Regions"]:
            yield row(
                page, item,
                lambda region, where: {
                    "arn": f"account:{where['account']}/{region['RegionName']}",
                    "name": region["RegionName"],
                    "enabled": region.get("OptInStatus", "") != "not-opted-in",
                    "collected": region["RegionName"] in looked_at,
                },
            )  # fmt: skip


KINDS = (
    FactKind("aws.account.regions", "Regions of the account", _collect, _rows, actions("ec2:DescribeRegions")),
)
