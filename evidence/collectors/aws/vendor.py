"""AWS as the product knows it."""

from __future__ import annotations

import json
from typing import Any

from evidence.collectors.aws import (
    accessanalyzer,
    account,
    acm,
    backup,
    cloudtrail,
    config_recorders,
    credential_report,
    dynamodb,
    ec2,
    ec2_images,
    elb,
    guardduty,
    iam,
    identity_center,
    inspector,
    kms,
    logs,
    rds,
    s3,
    securityhub,
    ssm,
    vpc,
)  # fmt: skip
from evidence.collectors.aws.accounts import ACCOUNTS, AwsAccounts, in_each_account, open_session
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.discover import discover
from evidence.collectors.aws.opening import faults
from evidence.collectors.aws.permissions import read_policy, trust_policy
from evidence.collectors.aws.probe import test_connection
from evidence.collectors.aws.templates import ROLE, role_template
from evidence.collectors.base import Context, FactKind, Field, PermissionResult, Vendor

__all__ = ["KINDS", "VENDOR", "minimal_policy", "setup", "trust_policy"]

_OF_ONE: tuple[FactKind, ...] = tuple(
    kind
    for module in (
        account, iam, credential_report, identity_center, accessanalyzer, cloudtrail, config_recorders, guardduty,
        securityhub, inspector, ssm, s3, kms, vpc, ec2, ec2_images, rds, dynamodb, backup, elb, acm, logs,
    )
    for kind in module.KINDS
)  # fmt: skip
KINDS: tuple[FactKind, ...] = (ACCOUNTS, *(in_each_account(kind) for kind in _OF_ONE))


def minimal_policy() -> dict[str, Any]:
    """The policy of the role: exactly the actions that our fact kinds call, all of them reads."""
    return read_policy(action for kind in KINDS for action in kind.permissions)


def setup(platform_principal: str, external_id: str) -> str:
    """The set-up instruction of one connection, in Markdown, with policies and template ready to paste."""
    policy = minimal_policy()
    trust = json.dumps(trust_policy(platform_principal, external_id), indent=2)
    template = role_template(platform_principal, external_id, policy)
    return _SETUP.format(trust=trust, policy=json.dumps(policy, indent=2), template=template, role=ROLE)


_SETUP = """\
Fieldwork reads an account through an IAM role of yours. It holds no key of yours, and it can change nothing.

1. In IAM, create a role for **another AWS account** with this trust policy. The `sts:ExternalId` belongs to this
   connection alone; a role that can be assumed without it is refused.

```json
{trust}
```

2. Give the role this policy. AWS's own `SecurityAudit` and `ViewOnlyAccess` together cover it as well, and more.

```json
{policy}
```

3. Enter the role's ARN and test the connection: it names each action that is missing. Every region that is enabled in the
   account is looked at, unless you name the ones you use.

All accounts of an organisation, through one connection:

1. Save the template below as a file. In the management account, or in a delegated administrator of Organizations, create a
   **stack** of it with `ListsAccounts` set to `yes`: that role may list the accounts of the organisation besides.
2. As a **StackSet** with service-managed permissions deploy the same template to the organisation or to some of its units,
   `ListsAccounts` left at `no`, in one region (roles belong to no region), with automatic deployment to accounts that
   join. A StackSet does not reach the management account itself; that is what the stack is for.
3. Enter the ARN of the role in the first account, and as the role of member accounts `{role}`. The ExternalId is the same
   in all of them. Suspended accounts are left out and said to be; name others that you want left out.
4. Test the connection: it says for each account what is missing. An account that does not let Fieldwork in is unknown in
   every check, with the reason, and the others are read.

```json
{template}
```

Identity Center answers only in the organisation's management account or its delegated administrator, and for all accounts.
Through a connection to any other account the two Identity Center facts stay unknown, and say so.
"""


def _identity(session: AwsSession | AwsAccounts, context: Context) -> str:
    if isinstance(session, AwsSession):
        return session.arn
    return f"{session.home.arn}, and in {len(session.looked_at) - 1} member accounts {context.config['member_role']}"


def _test(context: Context) -> list[PermissionResult]:
    return test_connection(context, _OF_ONE)


VENDOR = Vendor(
    id="aws",
    title="Amazon Web Services",
    fields=(
        Field("role_arn", "Role ARN", "The role that Fieldwork assumes, arn:aws:iam::123456789012:role/Fieldwork"),
        Field(
            "regions", "Regions", "Separated by commas; the first one is home. Left empty: every region that is enabled.",
            required=False,
        ),
        Field(
            "member_role", "Role of member accounts",
            f"Its name, {ROLE}, where the role above may list the organisation's accounts. Left empty: this account alone.",
            required=False,
        ),
        Field("leave_out", "Accounts to leave out", "Numbers of member accounts, separated by commas.", required=False),
    ),
    kinds=KINDS,
    open=open_session,
    identity=_identity,
    test=_test,
    discover=discover,
    faults=faults,
    setup=setup("<the platform's AWS principal>", "<made when the connection is created>"),
)  # fmt: skip
