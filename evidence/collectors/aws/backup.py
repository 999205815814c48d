"""AWS Backup: the backup jobs of the last days and the restore jobs of the last year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from evidence.collectors.aws.answers import lists
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import actions
from evidence.collectors.base import Context, FactKind, Page

BACKUP_DAYS = 14
RESTORE_DAYS = 366


def _since(operation: str, key: str, days: int) -> Any:
    def collect(session: AwsSession, context: Context) -> Iterator[Page]:
        start = (context.now - timedelta(days=days)).replace(microsecond=0)
        return session.by_region(
            lambda region: session.pages("backup", operation, region, expect=key, ByCreatedAfter=start)
        )

    return collect


def _backup(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["ResourceArn"], "job": item["BackupJobId"], "state": item.get("State"),
        "created": item.get("CreationDate"), "message": item.get("StatusMessage"),
    }  # fmt: skip


def _restore(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": f"restore-job:{where['account']}/{where['region']}/{item['RestoreJobId']}",
        "state": item.get("Status"), "created": item.get("CreationDate"),
        "validation": item.get("ValidationStatus"), "of": item.get("SourceResourceArn"),
    }  # fmt: skip


KINDS = (
    FactKind(
        "aws.backup.jobs", "Backup jobs of the last two weeks", _since("ListBackupJobs", "BackupJobs", BACKUP_DAYS),
        lists("BackupJobs", _backup), actions("backup:ListBackupJobs"), can_be_empty=True,
    ),
    FactKind(
        "aws.backup.restores", "Restore jobs of the last year", _since("ListRestoreJobs", "RestoreJobs", RESTORE_DAYS),
        lists("RestoreJobs", _restore), actions("backup:ListRestoreJobs"), can_be_empty=True,
    ),
)  # fmt: skip
