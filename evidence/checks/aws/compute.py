"""EC2 and KMS: encrypted disks, private snapshots, guarded instance metadata, keys that rotate."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import arn
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, required

KEYS, DEFAULT, VOLUMES = "aws.kms.keys", "aws.ec2.ebs_default", "aws.ec2.volumes"
SNAPSHOTS, IMAGES, INSTANCES = "aws.ec2.snapshots", "aws.ec2.images", "aws.ec2.instances"


@check(
    "aws.kms.rotation", title="Our symmetric keys rotate", resource="KMS key", severity=Severity.MEDIUM,
    criteria="CC6.1", annex_a="A.8.24", facts=KEYS,
    why="Rotation bounds what a leaked key opens, and the cryptography policy promises it.",
    remedy="KMS, the key, Key rotation: automatic, yearly.",
)  # fmt: skip
def rotation(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if not required(row, "rotatable"):
            return None
        on = required(row, "rotation")
        return on, "" if on else f"{row.get('description') or 'The key'} does not rotate."

    return each(facts, KEYS, arn, judge)


@check(
    "aws.ec2.ebs_default_encryption", title="New volumes are encrypted by default", resource="region",
    severity=Severity.HIGH, criteria="CC6.1", annex_a="A.8.24", facts=DEFAULT,
    why="It makes the unencrypted disk the one that takes an effort.",
    remedy="EC2 in that region, Settings, Data protection: always encrypt new EBS volumes.",
)  # fmt: skip
def ebs_default_encryption(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        on = required(row, "on")
        return on, "" if on else "New volumes are not encrypted unless somebody asks for it."

    return each(facts, DEFAULT, arn, judge)


@check(
    "aws.ec2.volumes_encrypted", title="Volumes in use are encrypted", resource="volume", severity=Severity.HIGH,
    criteria="CC6.1", annex_a="A.8.24", facts=VOLUMES,
    why="Encryption at rest is promised to customers without an exception for one disk.",
    remedy="Snapshot the volume, copy the snapshot with encryption, and replace the volume by one made from it.",
)  # fmt: skip
def volumes_encrypted(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "state") != "in-use":
            return None
        on = required(row, "encrypted")
        return on, "" if on else f"{row['name']} is not encrypted."

    return each(facts, VOLUMES, arn, judge)


@check(
    "aws.ec2.snapshot_not_public", title="No snapshot is shared with everybody", resource="snapshot", version=2,
    severity=Severity.CRITICAL, criteria="CC6.6 C1.1", annex_a="A.8.12", facts=SNAPSHOTS,
    why="A public snapshot is a whole disk that anybody can mount.",
    remedy="Make it private, and block public sharing of snapshots for the region.",
)  # fmt: skip
def snapshot_not_public(facts: Facts) -> Iterator[Finding]:
    return each(facts, SNAPSHOTS, arn, _own)


@check(
    "aws.ec2.images_not_public", title="No machine image is shared with everybody", resource="image",
    severity=Severity.CRITICAL, criteria="CC6.6 C1.1", annex_a="A.8.12", facts=IMAGES,
    why="A public image is a whole disk that anybody can start, with whatever was left on it.",
    remedy="Make it private, and block public sharing of images for the region.",
)  # fmt: skip
def images_not_public(facts: Facts) -> Iterator[Finding]:
    return each(facts, IMAGES, arn, _own)


def _own(row: Row) -> tuple[bool, str]:
    public = required(row, "public")
    return not public, f"{row['name']} can be used by everybody." if public else ""


@check(
    "aws.ec2.imdsv2", title="Instances answer for their metadata by token only", resource="instance",
    severity=Severity.MEDIUM, criteria="CC6.1 CC6.6", annex_a="A.8.9", facts=INSTANCES,
    why="Without the token, one forged request through a web server gives an intruder the instance's role.",
    remedy="EC2, the instance, Modify instance metadata options: IMDSv2 required; set it as the account's default.",
)  # fmt: skip
def imdsv2(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "state") in ("terminated", "shutting-down") or row.get("metadata_endpoint") == "disabled":
            return None
        tokens = required(row, "http_tokens")
        return tokens == "required", "" if tokens == "required" else f"{row['name']} answers without a token."

    return each(facts, INSTANCES, arn, judge)
