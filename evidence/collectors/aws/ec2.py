"""EC2: instances, volumes, and the region's default encryption of new volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import field, name_of, row, tags, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, listed, regional
from evidence.collectors.base import Context, FactKind, Page


def arn(where: Mapping[str, Any], kind: str, id: str) -> str:
    """EC2 answers with ids; the ARN is made of them. GovCloud and China have partitions of their own."""
    region = str(where["region"])
    partition = "aws-us-gov" if region.startswith("us-gov-") else "aws-cn" if region.startswith("cn-") else "aws"
    return f"arn:{partition}:ec2:{region}:{where['account']}:{kind}/{id}"


def _instances(session: AwsSession, context: Context) -> Iterator[Page]:
    return session.by_region(lambda region: session.pages("ec2", "DescribeInstances", region, expect="Reservations"))


def _instance_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        reservations = page.body.get("Reservations")
        if not isinstance(reservations, list):
            yield unread(page)
            continue
        for reservation in reservations:
            for instance in reservation.get("Instances") or ():
                yield row(page, instance, _instance)


def _instance(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    return {
        "arn": arn(where, "instance", item["InstanceId"]), "name": name_of(tagged, item["InstanceId"]),
        "tags": tagged, "state": (item.get("State") or {}).get("Name"),
        "http_tokens": (item.get("MetadataOptions") or {}).get("HttpTokens"),
        "metadata_endpoint": (item.get("MetadataOptions") or {}).get("HttpEndpoint"),
        "public_address": item.get("PublicIpAddress"), "vpc": item.get("VpcId"),
    }  # fmt: skip


def _volume(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    tagged = tags(item.get("Tags"))
    return {
        "arn": arn(where, "volume", item["VolumeId"]), "name": name_of(tagged, item["VolumeId"]), "tags": tagged,
        "state": item.get("State"), "encrypted": item.get("Encrypted"), "kms_key": item.get("KmsKeyId"),
    }  # fmt: skip


def _default_encryption(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    answer = session.call("ec2", "GetEbsEncryptionByDefault", region, expect="EbsEncryptionByDefault")
    return {"GetEbsEncryptionByDefault": answer}


KINDS: tuple[FactKind, ...] = (
    FactKind(
        "aws.ec2.instances", "EC2 instances", _instances, _instance_rows, actions("ec2:DescribeInstances"),
        can_be_empty=True,
    ),
    listed("aws.ec2.volumes", "EBS volumes", "ec2:DescribeVolumes", "Volumes", _volume),
    regional(
        "aws.ec2.ebs_default", "Default encryption of new EBS volumes", ("ec2:GetEbsEncryptionByDefault",),
        _default_encryption,
        lambda answers, where: {
            "on": field(answers, "GetEbsEncryptionByDefault", lambda a: a["EbsEncryptionByDefault"])
        },
    ),
)  # fmt: skip
