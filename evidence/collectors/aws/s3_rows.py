"""From the answers about one bucket to its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.checks.base import Reason, unknown
from evidence.collectors.aws.answers import field, tags
from evidence.collectors.aws.policies import denies_plain_http

_EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


#: Where nothing was ever set, nothing is blocked.
NO_BLOCK = {"block_acls": False, "ignore_acls": False, "block_policy": False, "restrict": False}


def four_flags(answer: Mapping[str, Any]) -> dict[str, bool]:
    """The four switches of a public access block. AWS always writes all four."""
    block = answer["PublicAccessBlockConfiguration"]
    return {
        "block_acls": block["BlockPublicAcls"], "ignore_acls": block["IgnorePublicAcls"],
        "block_policy": block["BlockPublicPolicy"], "restrict": block["RestrictPublicBuckets"],
    }  # fmt: skip


def bucket(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    item, answers = detail["item"], detail["answers"]
    return {
        "arn": f"arn:{_partition(item['BucketRegion'])}:s3:::{item['Name']}", "name": item["Name"],
        "region": item["BucketRegion"], "created": item.get("CreationDate"),
        "tags": field(answers, "GetBucketTagging", lambda a: tags(a["TagSet"]), absent={}),
        "block": field(answers, "GetPublicAccessBlock", four_flags, absent=NO_BLOCK),
        "policy_public": field(answers, "GetBucketPolicyStatus", lambda a: _flag(a["PolicyStatus"]), absent=False),
        "acl_public": field(answers, "GetBucketAcl", _open_grants),
        # New buckets have been encrypted since January 2023; where nothing is set AWS says so.
        "encryption": field(answers, "GetBucketEncryption", _encryption),
        "denies_plain_http": field(answers, "GetBucketPolicy", lambda a: denies_plain_http(a["Policy"]), absent=False),
        "versioning": field(answers, "GetBucketVersioning", lambda a: a.get("Status") == "Enabled"),
        "logs_to": field(answers, "GetBucketLogging", lambda a: (a.get("LoggingEnabled") or {}).get("TargetBucket")),
        "disposal": field(answers, "GetBucketLifecycleConfiguration", _disposal, absent=[]),
    }  # fmt: skip


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _flag(status: Mapping[str, Any]) -> Any:
    return status["IsPublic"] if isinstance(status.get("IsPublic"), bool) else unknown(Reason.MALFORMED)


def _open_grants(answer: Mapping[str, Any]) -> list[str]:
    """What everybody, or everybody with any AWS account, may do by the bucket's access list."""
    return sorted(
        {grant["Permission"] for grant in answer["Grants"] if (grant.get("Grantee") or {}).get("URI") in _EVERYBODY}
    )


def _encryption(answer: Mapping[str, Any]) -> dict[str, Any]:
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    return {"algorithm": rule["SSEAlgorithm"], "key": rule.get("KMSMasterKeyID")}


def _disposal(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The enabled rules that make objects go away in the end."""
    return [
        {"id": rule.get("ID"), "days": (rule.get("Expiration") or {}).get("Days")}
        for rule in answer["Rules"]
        if rule["Status"] == "Enabled" and (rule.get("Expiration") or rule.get("NoncurrentVersionExpiration"))
    ]
