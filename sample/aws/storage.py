"""Buckets and keys: twenty buckets as a payments company has them, each closed, encrypted and tagged.

No more than tell the story: a bucket costs ten calls at every look, and the sample company is looked at some fifty times."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from sample.aws.estate import Estate, policy
from sample.base import Clock

from moto.kms import models as kms_models  # isort: skip
from moto.s3.models import PublicAccessBlock  # isort: skip

#: moto gives each key an RSA key of its own, which takes a tenth of a second: nobody signs with one here, so all share it.
vars(kms_models)["generate_private_key"] = cache(kms_models.generate_private_key)

#: Purpose, data class, and for production also whether it holds backups.
PRODUCTION = (
    ("cloudtrail-archive", "internal"), ("access-logs", "internal"), ("config-history", "internal"),
    ("flow-logs", "internal"), ("ledger-exports", "confidential"), ("settlement-files", "cardholder"),
    ("kyc-archive", "personal"), ("customer-uploads", "customer"), ("partner-exports", "customer"),
    ("support-attachments", "customer"), ("database-backups", "confidential"), ("terraform-state", "confidential"),
    ("release-artefacts", "internal"), ("web-assets", "public"),
)  # fmt: skip
SANDBOX = (
    ("cloudtrail-archive", "internal"), ("access-logs", "internal"), ("config-history", "internal"),
    ("experiments", "internal"), ("scratch", "internal"), ("demo-assets", "public"),
)  # fmt: skip
KEYS = (
    "payments-data", "payments-archive", "ledger-database", "customer-documents", "cloudtrail", "backups",
    "terraform-state", "analytics", "secrets", "ebs-default", "session-tokens", "card-vault",
)  # fmt: skip
NEEDS_KMS = ("confidential", "customer", "personal", "cardholder")


def build_storage(estate: Estate, clock: Clock) -> None:
    """Keys first, then the buckets that they encrypt."""
    for region in estate.regions:
        for name in KEYS if region == estate.home and estate.environment == "production" else KEYS[:3]:
            _key(estate, region, name)
    _everyone_out(estate)
    for number, (purpose, data_class) in enumerate(PRODUCTION if estate.environment == "production" else SANDBOX):
        _bucket(estate, clock, number, purpose, data_class)
    s3 = estate.service("s3")
    logs = bucket_name(estate, "access-logs")
    for name, bucket in s3.buckets.items():
        if name.startswith(f"halyard-{estate.environment}-"):
            bucket.logging = {"TargetBucket": logs, "TargetPrefix": f"{name}/"}


def bucket_name(estate: Estate, purpose: str) -> str:
    return f"halyard-{estate.environment}-{purpose}"


def _key(estate: Estate, region: str, name: str) -> None:
    kms = estate.service("kms", region)
    tags = [{"TagKey": "environment", "TagValue": estate.environment}]
    key = kms.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", f"{name} key", tags)
    kms.enable_key_rotation(key.id)
    estate.names[f"key:{region}:{name}"] = key.arn


def _everyone_out(estate: Estate) -> None:
    control = estate.service("s3control")
    control.put_public_access_block(
        estate.account,
        {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True},
    )


def _bucket(estate: Estate, clock: Clock, number: int, purpose: str, data_class: str) -> None:
    s3, name = estate.service("s3"), bucket_name(estate, purpose)
    bucket = s3.create_bucket(name, estate.home)
    bucket.creation_date = clock.start - timedelta(days=700 - 13 * number)
    bucket.policy = tls_only(name).encode()
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    rule: dict[str, Any] = {"SSEAlgorithm": "AES256"}
    if data_class in NEEDS_KMS:
        rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": estate.names[f"key:{estate.home}:payments-data"]}
    bucket.encryption = {"Rule": {"ApplyServerSideEncryptionByDefault": rule}}
    bucket.versioning_status = "Enabled"
    if data_class in NEEDS_KMS:
        years = {"ID": "disposal", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 2555}}
        bucket.set_lifecycle([years])
    tags = {"environment": estate.environment, "data-class": data_class, "owner": "platform"}
    if "backup" in purpose:
        tags["purpose"] = "backup"
    s3.put_bucket_tagging(name, tags)
    estate.names[f"bucket:{purpose}"] = f"arn:aws:s3:::{name}"


def tls_only(name: str, *more: dict[str, Any]) -> str:
    """The policy that every bucket of the company has: nothing without TLS."""
    both = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    refuse = {
        "Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": both,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    return policy(refuse, *more)


