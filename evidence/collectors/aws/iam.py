"""IAM: the account's summary and password policy, its users, groups, roles and own policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.aws.answers import field, lists, place, row, tags
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions
from evidence.collectors.aws.policies import allows_everything, trust
from evidence.collectors.base import Context, FactKind, Page

_DETAILS = "iam:GetAccountAuthorizationDetails"


def _summary(session: AwsSession, context: Context) -> Iterator[Page]:
    yield session.page("iam:GetAccountSummary", session.call("iam", "GetAccountSummary", expect="SummaryMap"))
    yield from session.pages("iam", "ListVirtualMFADevices", AssignmentStatus="Assigned")


def _summary_rows(pages: Sequence[Page]) -> Iterator[Row]:
    counts = next((page for page in pages if page.call == "iam:GetAccountSummary"), None)
    if counts is None:
        return
    devices = [page.body.get("VirtualMFADevices") for page in pages if page.call == "iam:ListVirtualMFADevices"]
    serials = [device.get("SerialNumber", "") for listed in devices for device in listed or ()]
    yield row(
        counts, counts.body.get("SummaryMap"),
        lambda summary, where: {
            "arn": f"account:{where['account']}",
            "root_mfa": summary.get("AccountMFAEnabled"),
            "root_access_keys": summary.get("AccountAccessKeysPresent"),
            "root_mfa_virtual": any(serial.endswith("root-account-mfa-device") for serial in serials),
            "users": summary.get("Users"), "groups": summary.get("Groups"), "roles": summary.get("Roles"),
        },
    )  # fmt: skip


def _password_policy(session: AwsSession, context: Context) -> Iterator[Page]:
    answer = session.call("iam", "GetAccountPasswordPolicy", absent=("NoSuchEntity",), expect="PasswordPolicy")
    yield session.page("iam:GetAccountPasswordPolicy", {"answers": {"GetAccountPasswordPolicy": answer}})


def _password_policy_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        answers, where = page.body["answers"], place(page)
        read = "GetAccountPasswordPolicy"
        yield {
            **where, "arn": f"account:{where['account']}",
            "exists": field(answers, read, lambda answer: True, absent=False),
            "min_length": field(answers, read, lambda a: a["PasswordPolicy"].get("MinimumPasswordLength"), 0),
            # AWS leaves the field out where no earlier password is remembered.
            "reuse": field(answers, read, lambda a: a["PasswordPolicy"].get("PasswordReusePrevention", 0), 0),
        }  # fmt: skip


def _details(*wanted: str) -> Any:
    def collect(session: AwsSession, context: Context) -> Iterator[Page]:
        keys = {"User": "UserDetailList", "Group": "GroupDetailList", "Role": "RoleDetailList"}
        yield from session.pages(
            "iam", "GetAccountAuthorizationDetails", expect=keys.get(wanted[0], "Policies"), Filter=list(wanted)
        )

    return collect


def _admin_inline(listed: Any) -> Any:
    """Whether a principal's inline policies allow everything; a document that cannot be read is unknown."""
    try:
        return any(allows_everything(policy["PolicyDocument"]) for policy in listed or ())
    except (KeyError, TypeError, ValueError, AttributeError):
        return unknown(Reason.MALFORMED)


def _attached(item: Mapping[str, Any]) -> list[str]:
    return [policy["PolicyArn"] for policy in item.get("AttachedManagedPolicies") or ()]


def _user(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["Arn"], "name": item["UserName"], "path": item.get("Path"), "created": item.get("CreateDate"),
        "tags": tags(item.get("Tags")), "groups": item.get("GroupList") or [], "attached": _attached(item),
        "inline_admin": _admin_inline(item.get("UserPolicyList")),
    }  # fmt: skip


def _group(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["Arn"], "name": item["GroupName"], "attached": _attached(item),
        "inline_admin": _admin_inline(item.get("GroupPolicyList")),
    }  # fmt: skip


def _role(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    try:
        trusted: Any = trust(item["AssumeRolePolicyDocument"])
    except (KeyError, TypeError, ValueError, AttributeError):
        trusted = unknown(Reason.MALFORMED)
    return {
        "arn": item["Arn"], "name": item["RoleName"], "path": item.get("Path"), "created": item.get("CreateDate"),
        "tags": tags(item.get("Tags")), "attached": _attached(item),
        "inline_admin": _admin_inline(item.get("RolePolicyList")), "trust": trusted,
        "last_used": (item.get("RoleLastUsed") or {}).get("LastUsedDate"),
        "service_linked": str(item.get("Path", "")).startswith("/aws-service-role/"),
    }  # fmt: skip


def _policy(item: Mapping[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
    current = next((v for v in item.get("PolicyVersionList") or () if v.get("IsDefaultVersion")), None)
    try:
        everything: Any = allows_everything(current["Document"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError, AttributeError):
        everything = unknown(Reason.MALFORMED)
    return {
        "arn": item["Arn"], "name": item.get("PolicyName") or item["Arn"].rsplit("/", 1)[-1],
        "attachments": item.get("AttachmentCount"),
        "allows_everything": everything,
    }  # fmt: skip


KINDS = (
    FactKind(
        "aws.iam.account_summary", "IAM account summary", _summary, _summary_rows,
        actions("iam:GetAccountSummary", "iam:ListVirtualMFADevices"),
    ),
    FactKind(
        "aws.iam.password_policy", "IAM password policy", _password_policy, _password_policy_rows,
        actions("iam:GetAccountPasswordPolicy"),
    ),
    FactKind(
        "aws.iam.users", "IAM users, their groups and policies", _details("User"), lists("UserDetailList", _user),
        actions(_DETAILS), can_be_empty=True,
    ),
    FactKind(
        "aws.iam.groups", "IAM groups and their policies", _details("Group"), lists("GroupDetailList", _group),
        actions(_DETAILS), can_be_empty=True,
    ),
    # The role that we came through is among them: no roles at all cannot be the truth.
    FactKind("aws.iam.roles", "IAM roles and whom they trust", _details("Role"), lists("RoleDetailList", _role),
             actions(_DETAILS)),
    FactKind(
        "aws.iam.policies", "Customer-managed IAM policies", _details("LocalManagedPolicy"),
        lists("Policies", _policy), actions(_DETAILS), can_be_empty=True,
    ),
)  # fmt: skip
