"""IAM Identity Center: whether there is one, and who is assigned what in this account.

Only the organisation's management account or its delegated administrator may ask; elsewhere AWS denies it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import detailed, listed, whole_or_error
from evidence.collectors.base import FactKind


def _instance(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["InstanceArn"], "identity_store": item.get("IdentityStoreId"),
        "status": item.get("Status"), "created": item.get("CreatedDate"),
    }  # fmt: skip


def _permission_sets(session: AwsSession, region: str) -> Iterator[dict[str, str]]:
    for answer in session.shared("sso-admin", "ListInstances", region, expect="Instances"):
        for instance in answer["Instances"]:
            for sets in session.answers("sso-admin", "ListPermissionSets", region, InstanceArn=instance["InstanceArn"]):
                yield from (
                    {"instance": instance["InstanceArn"], "set": arn, "account": account}
                    for arn in sets["PermissionSets"] for account in session.organization or (session.account,)
                )  # fmt: skip


def _assigned(session: AwsSession, region: str, item: Mapping[str, str]) -> dict[str, Any]:
    named = {"InstanceArn": item["instance"], "PermissionSetArn": item["set"]}
    return {
        "DescribePermissionSet": session.attempt("sso-admin", "DescribePermissionSet", region, **named),
        "ListAccountAssignments": whole_or_error(
            session, "sso-admin", "ListAccountAssignments", region, "AccountAssignments",
            AccountId=item["account"], **named,
        ),
    }  # fmt: skip


def _permission_set(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    """A set in one account. In those of an organisation the account stands behind the set's own name."""
    item = detail["item"]
    account = item.get("account", where["account"])  # snapshots from before organisations do not say
    return {
        "account": account, "arn": item["set"] if account == where["account"] else f"{item['set']}/{account}",
        "name": field(detail["answers"], "DescribePermissionSet", lambda a: a["PermissionSet"]["Name"]),
        "assignments": field(
            detail["answers"], "ListAccountAssignments",
            lambda a: [{"type": one["PrincipalType"], "id": one["PrincipalId"]} for one in a["AccountAssignments"]],
        ),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    listed("aws.sso.instances", "Identity Center instances", "sso-admin:ListInstances", "Instances", _instance,
           shared=True),
    detailed(
        "aws.sso.assignments", "Identity Center permission sets and their assignments in this account",
        ("sso-admin:ListPermissionSets", "sso-admin:ListInstances", "sso-admin:DescribePermissionSet",
         "sso-admin:ListAccountAssignments"),
        _permission_sets, _assigned, _permission_set,
    ),
)  # fmt: skip
