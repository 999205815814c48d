"""Judging 365 days of an account again by all checks of AWS: every day a look, every look another file."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.rows import Figure

DAYS = 365
#: Seconds for a year by all checks; megabytes that memory may grow by from the first month to the last.
AIM, FLAT = 60.0, 64.0


def measure_rejudging(copies: int = 40) -> list[Figure]:
    """Each day has rows of its own, `copies` of each resource, so that nothing of a day before can stand for it. What is
    measured is what a look-back does but for the database and the reading of files: facts, checks, intervals in memory."""
    from evidence.checks import catalogue
    from evidence.checks.base import Facts, FactSet, run

    checks = catalogue.checks_of("aws")
    judged, start, grown = 0, time.perf_counter(), 0.0
    for day in range(DAYS):
        now = datetime(2026, 1, 1, 6, tzinfo=UTC) + timedelta(days=day)
        facts = Facts(now, {kind: FactSet(kind, rows, now, can_be_empty=True) for kind, rows in _rows(copies, day).items()})
        for check in checks:
            judged += len(run(check, facts))
        if day == 30:
            grown = _memory()
    seconds = time.perf_counter() - start
    name = f"judging {DAYS} days again"
    return [
        Figure(name, f"all {len(checks)} checks of AWS", seconds, "s", aim=AIM, note=f"{judged:,} findings; no database"),
        Figure(name, "memory, month 2 to 12", _memory() - grown, "MiB", aim=FLAT),
    ]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rows(copies: int, day: int) -> dict[str, list[dict[str, Any]]]:
    from tests.evidence.aws.examples import MET

    return {
        kind: [{**row, "seen_on": day, **({"arn": f"{row['arn']}-{number}"} if "arn" in row else {})}
               for row in rows for number in range(1 if kind in ONE else copies)]
        for kind, rows in MET.items()
    }  # fmt: skip


#: Kinds that describe one thing.
ONE = {"aws.iam.account_summary", "aws.iam.password_policy", "aws.s3.account_block", "aws.iam.credential_report"}
