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
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.discover import discover
from evidence.collectors.aws.opening import DEFAULT_REGION, open_session
from evidence.collectors.aws.permissions import read_policy, trust_policy
from evidence.collectors.aws.probe import test_connection
from evidence.collectors.base import Context, FactKind, Field, PermissionResult, Vendor

__all__ = ["KINDS", "VENDOR", "minimal_policy", "setup", "trust_policy"]

KINDS: tuple[FactKind, ...] = tuple(
    kind
    for module in (
        account, iam, credential_report, identity_center, accessanalyzer, cloudtrail, config_recorders, guardduty,
        securityhub, inspector, ssm, s3, kms, vpc, ec2, ec2_images, rds, dynamodb, backup, elb, acm, logs,
    )
    for kind in module.KINDS
)  # fmt: skip


def minimal_policy() -> dict[str, Any]:
    """The policy of the role: exactly the actions that our fact kinds call, all of them reads."""
    return read_policy(action for kind in KINDS for action in kind.permissions)


def setup(platform_principal: str, external_id: str) -> str:
    """The set-up instruction of one connection, in Markdown, with both policies ready to paste."""
    trust = json.dumps(trust_policy(platform_principal, external_id), indent=2)
    return _SETUP.format(trust=trust, policy=json.dumps(minimal_policy(), indent=2))


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

3. Enter the role's ARN and the regions you use, and test the connection: it names each action that is missing.

Identity Center answers only in the organisation's management account or its delegated administrator. Connect that
account too; elsewhere the two Identity Center facts stay unknown, and say so.
"""


def _identity(session: AwsSession, context: Context) -> str:
    return session.arn


def _test(context: Context) -> list[PermissionResult]:
    return test_connection(context, KINDS)


VENDOR = Vendor(
    id="aws",
    title="Amazon Web Services",
    fields=(
        Field("role_arn", "Role ARN", "The role that Fieldwork assumes, arn:aws:iam::123456789012:role/Fieldwork"),
        Field(
            "regions", "Regions", f"Separated by commas; the first one is home. Left empty: {DEFAULT_REGION}",
            required=False,
        ),
    ),
    kinds=KINDS,
    open=open_session,
    identity=_identity,
    test=_test,
    discover=discover,
    setup=setup("<the platform's AWS principal>", "<made when the connection is created>"),
)  # fmt: skip
