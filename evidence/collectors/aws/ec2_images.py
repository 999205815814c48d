"""EC2: the account's own snapshots and images, and which of them anybody may use.

A snapshot is public if it shows among those that everybody may restore: one question for all of them, where asking
each for its attribute would be thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import name_of, row, tags, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.ec2 import arn
from evidence.collectors.aws.kinds import actions, listed
from evidence.collectors.base import Context, FactKind, Page

_CALL = "ec2:DescribeSnapshots"


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        listing = ("ec2", "DescribeSnapshots", region)
        yield from session.pages(
            *listing, expect="Snapshots", OwnerIds=["self"], RestorableByUserIds=["all"]
        )
        yield from session.pages(*listing, expect="Snapshots", OwnerIds=["self"])

    return session.by_region(fetch)


def _rows(pages: Sequence[Page]) -> Iterator[Row]:
    public = {
        snapshot.get("SnapshotId")
        for page in pages
        if "RestorableByUserIds" in page.parameters
        for snapshot in page.body.get("Snapshots") or ()
    }
    for page in pages:
        if not isinstance(page.body.get("Snapshots"), list):
            yield unread(page)
        elif "RestorableByUserIds" not in page.parameters:
            for item in page.body["Snapshots"]:
                yield row(page, item, lambda item, where: _snapshot(item, where, item["SnapshotId"] in public))


def _snapshot(item: Mapping[str, Any], where: Mapping[str, Any], public: bool) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    return {
        "arn": arn(where, "snapshot", item["SnapshotId"]), "name": name_of(tagged, item["SnapshotId"]),
        "tags": tagged, "public": public, "encrypted": item.get("Encrypted"), "started": item.get("StartTime"),
    }  # fmt: skip


def _image(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    return {
        "arn": arn(where, "image", item["ImageId"]), "name": item.get("Name") or name_of(tagged, item["ImageId"]),
        "tags": tagged, "public": item.get("Public"),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    FactKind("aws.ec2.snapshots", "EBS snapshots", _collect, _rows, actions(_CALL), can_be_empty=True),
    listed("aws.ec2.images", "Machine images", "ec2:DescribeImages", "Images", _image, Owners=["self"]),
)
