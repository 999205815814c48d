"""Whether a trust policy lets our platform assume a role: the part of STS that moto leaves out."""

from __future__ import annotations

import json
from typing import Any

from sample.aws.estate import PLATFORM


def may_assume(document: str, external_id: str | None) -> bool:
    """Whether any statement allows the platform's account, given the ExternalId that came with the call."""
    statements = json.loads(document)["Statement"]
    return any(_allows(one, external_id) for one in (statements if isinstance(statements, list) else [statements]))


def _allows(statement: dict[str, Any], external_id: str | None) -> bool:
    principal = statement.get("Principal", {})
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    ours = {PLATFORM, f"arn:aws:iam::{PLATFORM}:root", "*"}
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return (
        statement.get("Effect") == "Allow" and statement.get("Action") == "sts:AssumeRole"
        and bool(ours & set([named] if isinstance(named, str) else named))
        and (wanted is None or wanted == external_id)
    )  # fmt: skip
