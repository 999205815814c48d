"""CloudTrail: that everything done in the account is written down, whole, and where nobody can rub it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.aws.reading import any_of, arn
from evidence.checks.aws.s3 import exposure
from evidence.checks.base import (
    Facts,
    Finding,
    Outcome,
    Reason,
    Row,
    Severity,
    Unreadable,
    check,
    each,
    known,
    required,
)

TRAILS, BUCKETS, BLOCK = "aws.cloudtrail.trails", "aws.s3.buckets", "aws.s3.account_block"
#: Where there is no trail at all, the account's summary says which account that is.
SUMMARY = "aws.iam.account_summary"


def _none(facts: Facts, said: str) -> Finding:
    return Finding(f"account:{facts.one(SUMMARY)['account']}", Outcome.FAIL, said)


@check(
    "aws.cloudtrail.multiregion", title="A trail over all regions is logging", resource="trail",
    severity=Severity.CRITICAL, criteria="CC7.2", annex_a="A.8.15", facts=(TRAILS, SUMMARY),
    why="Without the trail nobody can say afterwards who did what; the time it was off cannot be bought back.",
    remedy="Switch logging on again (CloudTrail, Trails, Start logging), alarm on StopLogging, and find out in the "
    "event history who stopped it.",
)  # fmt: skip
def multiregion(facts: Facts) -> list[Finding]:
    over_all = [row for row in facts.rows(TRAILS) if row.get("multi_region") is not False]
    return any_of(
        over_all, lambda row: required(row, "multi_region") and required(row, "logging"),
        lambda: _none(facts, "No trail covers all regions."), "The trail is there, and it is not logging.",
    )  # fmt: skip


@check(
    "aws.cloudtrail.validation", title="Trails prove their log files whole", resource="trail",
    severity=Severity.MEDIUM, criteria="CC7.2", annex_a="A.8.15", facts=(TRAILS, SUMMARY),
    why="Digest files show that no log was changed or removed after it was written.",
    remedy="CloudTrail, the trail, General details: enable log file validation.",
)  # fmt: skip
def validation(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        on = required(row, "validation")
        return bool(on), "" if on else "Log file validation is off."

    if not facts.rows(TRAILS):
        yield _none(facts, "There is no trail.")
    yield from each(facts, TRAILS, arn, judge)


@check(
    "aws.cloudtrail.management_events", title="A trail is set to record management events, reads and writes", resource="trail",
    severity=Severity.HIGH, criteria="CC7.2", annex_a="A.8.15", facts=(TRAILS, SUMMARY),
    why="A trail that leaves out reads, or management events altogether, misses how an intruder looked around.",
    remedy="CloudTrail, the trail, Management events: read and write.",
)  # fmt: skip
def management_events(facts: Facts) -> list[Finding]:
    return any_of(
        facts.rows(TRAILS), lambda row: bool(required(row, "management_events")),
        lambda: _none(facts, "There is no trail."),
        "The trail does not record reads and writes of management events.",
    )  # fmt: skip


@check(
    "aws.cloudtrail.bucket_private", title="The trail's bucket is private", version=2,
    resource="trail bucket", severity=Severity.HIGH, criteria="CC7.2 CC6.1", annex_a="A.8.15 A.5.33",
    facts=(TRAILS, BUCKETS, BLOCK),
    why="Whoever can read or write the log's bucket can learn from the log, or improve on it.",
    remedy="Block public access on the bucket.",
)  # fmt: skip
def bucket_private(facts: Facts) -> Iterator[Finding]:
    return _buckets(facts, lambda row: exposure(facts, row))


@check(
    "aws.cloudtrail.bucket_logged", title="Access to the trail's bucket is logged", resource="trail bucket",
    severity=Severity.HIGH, criteria="CC7.2 CC6.1", annex_a="A.8.15 A.5.33", facts=(TRAILS, BUCKETS),
    why="Where reading the log leaves no trace, nobody can say who learned what from it.",
    remedy="Set server access logging of the bucket to another bucket.",
)  # fmt: skip
def bucket_logged(facts: Facts) -> Iterator[Finding]:
    return _buckets(facts, lambda row: [] if known(row, "logs_to") else ["access to the bucket is not logged"])


def _buckets(facts: Facts, problems_of: Callable[[Row], list[str]]) -> Iterator[Finding]:
    """Each bucket that a trail writes to, once."""
    buckets = {str(row.get("name")): row for row in facts.rows(BUCKETS)}
    seen: set[str] = set()
    for row in facts.rows(TRAILS):
        resource = arn(row)
        try:
            name = str(required(row, "bucket"))
            resource = arn(buckets[name]) if name in buckets else f"arn:aws:s3:::{name}"
            if name not in seen:
                seen.add(name)
                yield _bucket(resource, buckets.get(name), problems_of)
        except Unreadable as gap:
            yield Finding(resource, Outcome.UNKNOWN, str(gap), gap.reason)


def _bucket(resource: str, row: Row | None, problems_of: Callable[[Row], list[str]]) -> Finding:
    if row is None:
        raise Unreadable(Reason.NOT_COLLECTED, "the bucket is another account's: connect the account that owns it")
    problems = problems_of(row)
    return Finding(resource, Outcome.FAIL if problems else Outcome.PASS, "; ".join(problems))
