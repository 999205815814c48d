"""RDS: database instances, and the snapshots that somebody took by hand (only those can be shared)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field, tags
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import detailed, listed
from evidence.collectors.base import FactKind


def _instance(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["DBInstanceArn"], "name": item.get("DBInstanceIdentifier"), "engine": item.get("Engine"),
        "tags": tags(item.get("TagList")), "status": item.get("DBInstanceStatus"),
        "encrypted": item.get("StorageEncrypted"), "public": item.get("PubliclyAccessible"),
        "backup_days": item.get("BackupRetentionPeriod"), "deletion_protection": item.get("DeletionProtection"),
        "multi_az": item.get("MultiAZ"), "cluster": item.get("DBClusterIdentifier"),
        "replica_of": item.get("ReadReplicaSourceDBInstanceIdentifier"),
    }  # fmt: skip


def _snapshots(session: AwsSession, region: str) -> Iterator[dict[str, Any]]:
    for answer in session.answers("rds", "DescribeDBSnapshots", region, expect="DBSnapshots", SnapshotType="manual"):
        yield from ({"kind": "instance", **item} for item in answer["DBSnapshots"])
    for answer in session.answers(
        "rds", "DescribeDBClusterSnapshots", region, expect="DBClusterSnapshots", SnapshotType="manual"
    ):
        yield from ({"kind": "cluster", **item} for item in answer["DBClusterSnapshots"])


def _shared_with(session: AwsSession, region: str, item: Mapping[str, Any]) -> dict[str, Any]:
    if item["kind"] == "instance":
        id = item["DBSnapshotIdentifier"]
        answer = session.attempt("rds", "DescribeDBSnapshotAttributes", region, DBSnapshotIdentifier=id,
                                 expect="DBSnapshotAttributesResult.DBSnapshotAttributes")  # fmt: skip
    else:
        id = item["DBClusterSnapshotIdentifier"]
        answer = session.attempt("rds", "DescribeDBClusterSnapshotAttributes", region, DBClusterSnapshotIdentifier=id,
                                 expect="DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes")  # fmt: skip
    return {"attributes": answer}


def _snapshot(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    item = detail["item"]
    return {
        "arn": item.get("DBSnapshotArn") or item["DBClusterSnapshotArn"],
        "name": item.get("DBSnapshotIdentifier") or item.get("DBClusterSnapshotIdentifier"),
        "of": item.get("DBInstanceIdentifier") or item.get("DBClusterIdentifier"),
        "encrypted": item.get("Encrypted", item.get("StorageEncrypted")),
        "public": field(detail["answers"], "attributes", _public),
    }  # fmt: skip


def _public(answer: Mapping[str, Any]) -> bool:
    result = answer.get("DBSnapshotAttributesResult") or answer["DBClusterSnapshotAttributesResult"]
    attributes = result.get("DBSnapshotAttributes", result.get("DBClusterSnapshotAttributes"))
    return any(one["AttributeName"] == "restore" and "all" in one.get("AttributeValues", ()) for one in attributes)


KINDS: tuple[FactKind, ...] = (
    listed("aws.rds.instances", "RDS database instances", "rds:DescribeDBInstances", "DBInstances", _instance),
    detailed(
        "aws.rds.snapshots", "RDS snapshots taken by hand, and with whom they are shared",
        ("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBSnapshotAttributes",
         "rds:DescribeDBClusterSnapshotAttributes"),
        _snapshots, _shared_with, _snapshot,
    ),
)  # fmt: skip
