"""From an API call to the IAM action that allows it, and the two policies that a customer pastes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Services whose IAM prefix differs from the client's name.
_PREFIXES = {
    "accessanalyzer": "access-analyzer", "elbv2": "elasticloadbalancing", "sso-admin": "sso", "s3control": "s3",
}  # fmt: skip
#: Calls whose IAM action has another name than the call (AWS Service Authorization Reference, Amazon S3).
_ACTIONS = {
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
    ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
    ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
    ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
}


def iam_action(service: str, operation: str) -> str:
    """The IAM action that a call needs, such as `s3:ListAllMyBuckets` for S3's ListBuckets."""
    return _ACTIONS.get((service, operation)) or f"{_PREFIXES.get(service, service)}:{operation}"


def trust_policy(platform_principal: str, external_id: str) -> dict[str, Any]:
    """Who may assume the role: our platform, and only with the ExternalId that belongs to this connection."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": platform_principal},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }


def read_policy(actions: Iterable[str]) -> dict[str, Any]:
    """The least that the role needs: each action by name, none of which can change anything."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "FieldworkRead", "Effect": "Allow", "Action": sorted(set(actions)), "Resource": "*"}
        ],
    }
