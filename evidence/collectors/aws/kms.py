"""KMS: the keys of each region, and whether the customer's own rotate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import detailed
from evidence.collectors.base import FactKind


def _keys(session: AwsSession, region: str) -> Iterator[dict[str, Any]]:
    for answer in session.answers("kms", "ListKeys", region):
        yield from answer["Keys"]


def _ask(session: AwsSession, region: str, key: Mapping[str, Any]) -> dict[str, Any]:
    described = session.attempt("kms", "DescribeKey", region, KeyId=key["KeyId"], expect="KeyMetadata")
    answers = {"DescribeKey": described}
    if rotates(described.get("KeyMetadata", {})):
        answers["GetKeyRotationStatus"] = session.attempt(
            "kms", "GetKeyRotationStatus", region, KeyId=key["KeyId"], expect="KeyRotationEnabled"
        )
    return answers


def rotates(metadata: Mapping[str, Any]) -> bool:
    """Whether AWS can rotate this key for us: the customer's own, enabled, symmetric, with material made by KMS."""
    return (
        metadata.get("KeyManager") == "CUSTOMER" and metadata.get("KeyState") == "Enabled"
        and metadata.get("KeySpec") == "SYMMETRIC_DEFAULT" and metadata.get("Origin") == "AWS_KMS"
    )  # fmt: skip


def _key(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    answers = detail["answers"]
    return {
        "arn": detail["item"]["KeyArn"],
        "description": field(answers, "DescribeKey", lambda a: a["KeyMetadata"].get("Description")),
        "manager": field(answers, "DescribeKey", lambda a: a["KeyMetadata"]["KeyManager"]),
        "rotatable": field(answers, "DescribeKey", lambda a: rotates(a["KeyMetadata"])),
        "rotation": field(answers, "GetKeyRotationStatus", lambda a: a["KeyRotationEnabled"]),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    detailed(
        "aws.kms.keys", "KMS keys and their rotation",
        ("kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus"), _keys, _ask, _key,
    ),
)  # fmt: skip
