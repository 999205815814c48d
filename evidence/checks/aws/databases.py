"""RDS, DynamoDB and AWS Backup: encrypted, private, backed up, and proved by a restore."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import account, arn, days_since, in_production
from evidence.checks.base import (
    Facts,
    FactSet,
    Finding,
    Outcome,
    Row,
    Severity,
    Unreadable,
    check,
    each,
    known,
    required,
)

INSTANCES, SNAPSHOTS, TABLES = "aws.rds.instances", "aws.rds.snapshots", "aws.dynamodb.tables"
JOBS, RESTORES = "aws.backup.jobs", "aws.backup.restores"
_UNDER_WAY = {"CREATED", "PENDING", "RUNNING", "ABORTING"}


@check(
    "aws.rds.encrypted", title="Databases are encrypted at rest", resource="DB instance", severity=Severity.HIGH,
    criteria="CC6.1 C1.1", annex_a="A.8.24", facts=INSTANCES,
    why="The database is where the customers' data is; an unencrypted one breaks the promise that matters most.",
    remedy="Copy a snapshot with encryption and restore from it: encryption cannot be switched on in place.",
)  # fmt: skip
def encrypted(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        on = required(row, "encrypted")
        return on, "" if on else f"{row['name']} is not encrypted."

    return each(facts, INSTANCES, arn, judge)


@check(
    "aws.rds.not_public", title="Databases are not public", resource="DB instance", version=2,
    severity=Severity.CRITICAL, criteria="CC6.6", annex_a="A.8.20 A.8.3", facts=INSTANCES,
    why="A database that anybody can reach is guarded by its passwords alone, and those get guessed.",
    remedy="RDS, the instance, Modify: not publicly accessible.",
)  # fmt: skip
def not_public(facts: Facts) -> Iterator[Finding]:
    return each(facts, INSTANCES, arn, _closed)


@check(
    "aws.rds.snapshots_not_public", title="Database snapshots are not public", resource="DB snapshot",
    severity=Severity.CRITICAL, criteria="CC6.6", annex_a="A.8.20 A.8.3", facts=SNAPSHOTS,
    why="A public snapshot hands the whole database to anybody with an AWS account.",
    remedy="Take `all` off the snapshot's shared accounts.",
)  # fmt: skip
def snapshots_not_public(facts: Facts) -> Iterator[Finding]:
    return each(facts, SNAPSHOTS, arn, _closed)


def _closed(row: Row) -> tuple[bool, str]:
    public = required(row, "public")
    return not public, f"{row['name']} is open to everybody." if public else ""


@check(
    "aws.rds.backups", title="Databases are backed up for as long as the policy says", resource="DB instance", version=2,
    severity=Severity.HIGH, criteria="A1.2", annex_a="A.8.13", facts=INSTANCES, days=7,
    why="A database without backups is one mistake from being gone, and no later fix brings the lost days back.",
    remedy="RDS, the instance, Modify: retention as the backup policy says.",
)  # fmt: skip
def backups(facts: Facts) -> Iterator[Finding]:
    least = facts.thresholds["days"]

    def judge(row: Row) -> tuple[bool, str] | None:
        if known(row, "replica_of"):
            return None  # a replica is backed up by its source
        kept = required(row, "backup_days")
        return kept >= least, "" if kept >= least else f"{row['name']}: backups are kept {kept} days, {least} are wanted."

    return each(facts, INSTANCES, arn, judge)


@check(
    "aws.rds.deletion_protection", title="Databases are guarded against deletion", resource="DB instance",
    severity=Severity.HIGH, criteria="A1.2", annex_a="A.8.13", facts=INSTANCES,
    why="Without the guard one wrong command deletes the database, and its automatic backups go with it.",
    remedy="RDS, the instance, Modify: deletion protection on.",
)  # fmt: skip
def deletion_protection(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if known(row, "replica_of"):
            return None  # losing a replica loses no data
        on = required(row, "deletion_protection")
        return on, "" if on else f"{row['name']}: deletion protection is off."

    return each(facts, INSTANCES, arn, judge)


@check(
    "aws.rds.multi_az", title="Production databases stand in two zones", resource="DB instance",
    severity=Severity.MEDIUM, criteria="A1.2", annex_a="A.8.14", facts=(INSTANCES, "org.scope"),
    why="The availability commitment does not survive the loss of one data centre otherwise.",
    remedy="RDS, the instance, Modify: Multi-AZ.",
)  # fmt: skip
def multi_az(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if known(row, "replica_of") or not in_production(facts, row):
            return None
        both = required(row, "multi_az")
        return both, "" if both else f"{row['name']} serves production from one zone."

    return each(facts, INSTANCES, arn, judge)


@check(
    "aws.dynamodb.pitr", title="Tables can be restored to a point in time", resource="table",
    severity=Severity.MEDIUM, criteria="A1.2", annex_a="A.8.13", facts=TABLES,
    why="Tables have no other backup unless somebody made one.",
    remedy="DynamoDB, the table, Backups: point-in-time recovery on.",
)  # fmt: skip
def pitr(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        on = required(row, "point_in_time")
        return on, "" if on else f"{row['name']} has no point-in-time recovery."

    return each(facts, TABLES, arn, judge)


@check(
    "aws.backup.jobs", title="Backup jobs succeed", resource="resource", version=2,
    severity=Severity.HIGH, criteria="A1.2 A1.3 CC7.5", annex_a="A.8.13 A.5.30", facts=JOBS,
    why="A job that fails every night leaves nothing to restore, and nobody notices before the day it is needed.",
    remedy="Look at why the last job failed and run it again.",
)  # fmt: skip
def backup_jobs(facts: Facts) -> Iterator[Finding]:
    last = FactSet(JOBS, _last_finished(list(facts.rows(JOBS))), can_be_empty=True)

    def judge(row: Row) -> tuple[bool, str]:
        state = str(required(row, "state"))
        return state == "COMPLETED", f"The last job ended as {state.lower()}. {row.get('message') or ''}".strip()

    yield from each(Facts(facts.now, {JOBS: last}), JOBS, arn, judge)


@check(
    "aws.backup.restore_tested", title="A restore was tried within the year", resource="account",
    severity=Severity.HIGH, criteria="A1.2 A1.3 CC7.5", annex_a="A.8.13 A.5.30", facts=(JOBS, RESTORES), restore_days=365,
    why="A backup that was never restored is a hope; the criterion asks for the test of it.",
    remedy="Restore something once a year and keep the record.",
)  # fmt: skip
def restore_tested(facts: Facts) -> Iterator[Finding]:
    jobs = facts.rows(JOBS)
    if jobs:
        yield _restored(facts, account(jobs[0]))


def _last_finished(jobs: list[Row]) -> list[Row]:
    """The newest job of each resource that has come to an end, beside every row that could not be read."""
    dark = [row for row in jobs if not isinstance(row.get("created"), str)]
    ended = [row for row in jobs if isinstance(row.get("created"), str) and row.get("state") not in _UNDER_WAY]
    newest = {arn(row): row for row in sorted(ended, key=lambda row: str(row["created"]))}
    return [*newest.values(), *dark]


def _restored(facts: Facts, resource: str) -> Finding:
    ages, gap = [], None
    for row in facts.rows(RESTORES):
        try:
            if required(row, "state") == "COMPLETED":
                ages.append(days_since(facts, required(row, "created"), "created"))
        except Unreadable as found:
            gap = found
    if ages and min(ages) <= facts.thresholds["restore_days"]:
        return Finding(resource, Outcome.PASS, f"Last restored {min(ages)} days ago.")
    if gap is not None:
        return Finding(resource, Outcome.UNKNOWN, str(gap), gap.reason)
    return Finding(resource, Outcome.FAIL, "No restore has been tried in the last year.")
