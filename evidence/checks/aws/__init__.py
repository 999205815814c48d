"""Checks of AWS. Importing the package registers them all."""

from evidence.checks.aws import (  # noqa: F401
    cloudtrail,
    compute,
    databases,
    edge,
    findings,
    iam_access,
    iam_account,
    iam_users,
    identity,
    logs,
    monitoring,
    network,
    s3,
)  # fmt: skip
