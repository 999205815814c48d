"""DynamoDB: the tables of each region, and whether they can be restored to a point in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import detailed
from evidence.collectors.base import FactKind


def _tables(session: AwsSession, region: str) -> Iterator[dict[str, str]]:
    for answer in session.answers("dynamodb", "ListTables", region):
        for name in answer["TableNames"]:
            yield {"name": name, "arn": f"arn:{session.partition}:dynamodb:{region}:{session.account}:table/{name}"}


def _ask(session: AwsSession, region: str, item: Mapping[str, str]) -> dict[str, Any]:
    return {
        "DescribeContinuousBackups": session.attempt(
            "dynamodb", "DescribeContinuousBackups", region, TableName=item["name"],
            expect="ContinuousBackupsDescription",
        )
    }  # fmt: skip


def _table(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **detail["item"],
        "point_in_time": field(
            detail["answers"], "DescribeContinuousBackups",
            lambda a: a["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"][
                "PointInTimeRecoveryStatus"
            ] == "ENABLED",
        ),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    detailed(
        "aws.dynamodb.tables", "DynamoDB tables and their recovery",
        ("dynamodb:ListTables", "dynamodb:DescribeContinuousBackups"), _tables, _ask, _table,
    ),
)  # fmt: skip
