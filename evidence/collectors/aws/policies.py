"""Reading policy documents: what a statement grants, to whom, under which condition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

_ACCOUNT = re.compile(r"^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::.*)?$")


def document(raw: Any) -> Mapping[str, Any]:
    """A policy as a mapping, whether botocore decoded it or left it as (quoted) text."""
    if isinstance(raw, str):
        raw = json.loads(unquote(raw) if raw.lstrip().startswith("%") else raw)
    if not isinstance(raw, Mapping):
        raise ValueError("not a policy document")
    return raw


def many(value: Any) -> list[Any]:
    """AWS writes one thing or a list of things for the same field."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def statements(raw: Any, effect: str) -> Iterator[Mapping[str, Any]]:
    for statement in many(document(raw)["Statement"]):
        if statement.get("Effect") == effect:
            yield statement


def allows_everything(raw: Any) -> bool:
    """Whether a document allows every action on every resource, with or without a condition."""
    return any(
        {"*", "*:*"} & set(many(statement.get("Action"))) and "*" in many(statement.get("Resource"))
        for statement in statements(raw, "Allow")
    )


def denies_plain_http(raw: Any) -> bool:
    """Whether a bucket policy refuses every request made without TLS, from anybody."""
    return any(
        _everybody(statement.get("Principal"))
        and {"*", "s3:*"} & set(many(statement.get("Action")))
        and str(statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport", "")).lower() == "false"
        for statement in statements(raw, "Deny")
    )


def trust(raw: Any) -> list[dict[str, Any]]:
    """Who may assume a role: for each statement that allows it, accounts, services and federations, and conditions.

    An account is twelve digits, or `*` for anybody.
    """
    found = []
    for statement in statements(raw, "Allow"):
        principal = statement.get("Principal")
        named = {"AWS": "*"} if principal == "*" else principal
        if not isinstance(named, Mapping):
            raise ValueError("a trust statement without a principal")
        conditions = {key for test in statement.get("Condition", {}).values() for key in test}
        found.append(
            {
                "accounts": sorted({_account(who) for who in many(named.get("AWS"))}),
                "services": many(named.get("Service")),
                "federated": many(named.get("Federated")),
                "external_id": any(key.lower() == "sts:externalid" for key in conditions),
                "organization_only": any(key.lower() == "aws:principalorgid" for key in conditions),
            }
        )
    return found


def _account(who: str) -> str:
    """The account of a principal; one that has since been deleted shows as a bare unique id, kept as it is."""
    match = _ACCOUNT.match(who)
    return match.group(1) if match else who


def _everybody(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, Mapping) and "*" in many(principal.get("AWS")))
