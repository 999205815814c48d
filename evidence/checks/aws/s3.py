"""S3: nothing is public, everything is encrypted at rest and in transit, and is kept or removed as its class says."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import account, arn, in_production
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required

BUCKETS, BLOCK = "aws.s3.buckets", "aws.s3.account_block"
FLAGS = {
    "block_acls": "new public ACLs", "ignore_acls": "public ACLs", "block_policy": "new public policies",
    "restrict": "access by public policies",
}  # fmt: skip


def exposure(facts: Facts, row: Row) -> list[str]:
    """How a bucket is open to everybody, after the bucket's and the account's blocks; empty where it is not.

    Only where it would be open by its own settings do the account's matter, and only then must they be readable.
    """
    found = []
    own = required(row, "block")
    if required(row, "policy_public") and not own["restrict"] and not known(facts.one(BLOCK), "block.restrict"):
        found.append("its policy lets everybody in")
    grants = required(row, "acl_public")
    if grants and not own["ignore_acls"] and not known(facts.one(BLOCK), "block.ignore_acls"):
        found.append(f"its access list gives everybody {', '.join(grants)}")
    return found


@check(
    "aws.s3.account_bpa", title="The account blocks public access to S3", resource="account",
    severity=Severity.CRITICAL, criteria="CC6.1 CC6.6", annex_a="A.8.3 A.8.12", facts=BLOCK,
    why="With it, no single mistake on a bucket can publish it.",
    remedy="S3, Block Public Access settings for this account: all four on; serve public files through CloudFront.",
)  # fmt: skip
def account_bpa(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        block = required(row, "block")
        off = [said for flag, said in FLAGS.items() if not block[flag]]
        return not off, f"Not blocked: {', '.join(off)}." if off else ""

    return each(facts, BLOCK, account, judge)


@check(
    "aws.s3.bucket_not_public", title="No bucket is public", resource="bucket", severity=Severity.CRITICAL,
    criteria="CC6.1 CC6.6 C1.1", annex_a="A.8.3 A.8.12", facts=(BUCKETS, BLOCK),
    why="A public bucket is found by strangers within hours; what was read from it cannot be taken back.",
    remedy="Switch all four blocks on for the bucket, then take the open statement out of its policy or ACL. Look in "
    "the access logs for who read what while it was open.",
)  # fmt: skip
def bucket_not_public(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        problems = exposure(facts, row)
        return not problems, "; ".join(problems).capitalize()

    return each(facts, BUCKETS, arn, judge)


@check(
    "aws.s3.encryption", title="Buckets encrypt by default, confidential ones with a KMS key", resource="bucket",
    severity=Severity.MEDIUM, criteria="CC6.1 C1.1", annex_a="A.8.24", facts=BUCKETS,
    confidential=("confidential", "restricted", "customer", "personal", "cardholder"),
    why="With a KMS key, reading the data takes a second permission, and each use of it is written down.",
    remedy="S3, the bucket, Default encryption: SSE-KMS with a key of yours.",
)  # fmt: skip
def encryption(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        set_to = required(row, "encryption")["algorithm"]
        data_class = required(row, "tags").get("data-class", "").lower()
        if data_class in facts.thresholds["confidential"] and not set_to.startswith("aws:kms"):
            return False, f"It holds {data_class} data and is encrypted with {set_to}, not with a KMS key."
        return bool(set_to), set_to

    return each(facts, BUCKETS, arn, judge)


@check(
    "aws.s3.tls_only", title="Buckets refuse requests without TLS", resource="bucket", severity=Severity.MEDIUM,
    criteria="CC6.7", annex_a="A.8.24 A.5.14", facts=BUCKETS,
    why="S3 still answers plain HTTP unless the bucket says no.",
    remedy="Add to the bucket policy a Deny of s3:* for everybody where aws:SecureTransport is false.",
)  # fmt: skip
def tls_only(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        refuses = required(row, "denies_plain_http")
        return refuses, "" if refuses else "Its policy does not refuse plain HTTP."

    return each(facts, BUCKETS, arn, judge)


@check(
    "aws.s3.versioning", title="Production and backup buckets keep versions", resource="bucket",
    severity=Severity.MEDIUM, criteria="A1.2", annex_a="A.8.13", facts=(BUCKETS, "org.scope"),
    why="Versions are what is left after a wrong delete, or a hostile one.",
    remedy="S3, the bucket, Properties, Bucket versioning: enable.",
)  # fmt: skip
def versioning(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "tags").get("purpose", "").lower() != "backup" and not in_production(facts, row):
            return None
        on = required(row, "versioning")
        return on, "" if on else "Versioning is off."

    return each(facts, BUCKETS, arn, judge)


@check(
    "aws.s3.lifecycle", title="Buckets whose data must go have a rule that removes it", resource="bucket",
    severity=Severity.LOW, criteria="C1.2 P4.3 P4.2", annex_a="A.8.10", facts=BUCKETS,
    disposed=("confidential", "restricted", "customer", "personal", "cardholder"),
    why="Data kept longer than promised is a breach waiting for its day, and breaks the retention schedule.",
    remedy="S3, the bucket, Management: a lifecycle rule that expires objects as the retention schedule says.",
)  # fmt: skip
def lifecycle(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        data_class = required(row, "tags").get("data-class", "").lower()
        if data_class not in facts.thresholds["disposed"]:
            return None
        rules = required(row, "disposal")
        return bool(rules), "" if rules else f"It holds {data_class} data and no rule ever removes any."

    return each(facts, BUCKETS, arn, judge)
