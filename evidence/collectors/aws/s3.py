"""S3: the account's block on public access, and each bucket's settings that a check looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import field, lists, place, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions, chunked
from evidence.collectors.aws.s3_rows import NO_BLOCK, bucket, four_flags
from evidence.collectors.base import Context, FactKind, Page

#: Each question about a bucket, with the codes that mean "there is none".
_QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("GetPublicAccessBlock", ("NoSuchPublicAccessBlockConfiguration",)),
    ("GetBucketAcl", ()),
    ("GetBucketEncryption", ("ServerSideEncryptionConfigurationNotFoundError",)),
    ("GetBucketVersioning", ()),
    ("GetBucketLogging", ()),
    ("GetBucketLifecycleConfiguration", ("NoSuchLifecycleConfiguration",)),
    ("GetBucketTagging", ("NoSuchTagSet",)),
    ("GetBucketPolicy", ("NoSuchBucketPolicy",)),
)
_NO_POLICY = {"absent": "NoSuchBucketPolicy"}
_EXPECT = {"GetBucketAcl": "Grants", "GetBucketTagging": "TagSet", "GetBucketPolicy": "Policy"}


def _account_block(session: AwsSession, context: Context) -> Iterator[Page]:
    answer = session.call(
        "s3control", "GetPublicAccessBlock", AccountId=session.account,
        absent=("NoSuchPublicAccessBlockConfiguration",), expect="PublicAccessBlockConfiguration.BlockPublicAcls",
    )  # fmt: skip
    yield session.page("s3control:GetPublicAccessBlock", {"answers": {"GetPublicAccessBlock": answer}})


def _account_block_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for page in pages:
        where = place(page)
        if "answers" not in page.body:
            yield unread(page)
            continue
        flags = field(page.body["answers"], "GetPublicAccessBlock", four_flags, absent=NO_BLOCK)
        yield {**where, "arn": f"account:{where['account']}", "block": flags}


def _buckets(session: AwsSession, context: Context) -> Iterator[Page]:
    # With a page size AWS also says where each bucket is.
    found = (
        item
        for answer in session.answers("s3", "ListBuckets", PaginationConfig={"PageSize": 1000}, expect="Buckets")
        for item in answer["Buckets"]
    )
    yield from chunked(session, "s3:ListBuckets", session.gather(lambda item: _detail(session, item), found), "global")


def _detail(session: AwsSession, item: Mapping[str, Any]) -> dict[str, Any]:
    name: str = item["Name"]
    answers: dict[str, Any] = {}
    region = item.get("BucketRegion") or _region_of(session, name, answers)
    for operation, absent in _QUESTIONS:
        expect = _EXPECT.get(operation, "")
        answers[operation] = session.attempt("s3", operation, region, Bucket=name, absent=absent, expect=expect)
    if "absent" in answers["GetBucketPolicy"]:
        answers["GetBucketPolicyStatus"] = _NO_POLICY
    else:
        answers["GetBucketPolicyStatus"] = session.attempt(
            "s3", "GetBucketPolicyStatus", region, Bucket=name, absent=("NoSuchBucketPolicy",), expect="PolicyStatus"
        )
    return {"item": {**item, "BucketRegion": region}, "answers": answers}


def _region_of(session: AwsSession, name: str, answers: dict[str, Any]) -> str:
    found = answers["GetBucketLocation"] = session.attempt("s3", "GetBucketLocation", Bucket=name)
    if "error" in found:
        return session.home
    where = str(found.get("LocationConstraint") or "us-east-1")  # S3 says nothing for its oldest region
    return "eu-west-1" if where == "EU" else where  # and EU for Ireland in buckets of that age


KINDS = (
    FactKind(
        "aws.s3.account_block", "Account-wide block on public S3 access", _account_block, _account_block_rows,
        actions("s3control:GetPublicAccessBlock"),
    ),
    FactKind(
        "aws.s3.buckets", "S3 buckets and their settings", _buckets, lists("resources", bucket),
        actions("s3:ListBuckets", "s3:GetBucketPolicyStatus", "s3:GetBucketLocation",
                *(f"s3:{operation}" for operation, _ in _QUESTIONS)),
        can_be_empty=True,
    ),
)  # fmt: skip
