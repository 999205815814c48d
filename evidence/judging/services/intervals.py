"""Outcomes as intervals: an open one reaches on while the next look agrees and is not too far away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from compliance.tenancy.clock import now
from compliance.tenancy.writing import update_rows
from evidence.checks.base import Finding, Outcome, Reason
from evidence.collectors.models import Connection

from ..models import ResourceInterval


def extend_intervals(
    *, connection: Connection, found: Mapping[str, list[Finding]], at: datetime, reach: timedelta, looked: Mapping[str, Any],
    versions: Mapping[str, int] | None = None, populations: Collection[str] = (),
) -> None:
    """Bring the intervals of a connection up to the look at `at`.

    Same outcome as before within `reach` (two cadences): the open interval goes on. Looks further apart than that
    leave the time between unknown, not observed (definitions, Evidence). A resource that is gone ends its interval.
    An exception or a review turns an outcome when it is decided, not when the facts were collected: the failure before
    it stays a failure.
    """
    numbers = versions or {}
    rows = ResourceInterval.objects.filter(connection=connection, check_id__in=list(found), ended_at__isnull=True)
    standing: dict[tuple[str, str], ResourceInterval] = {(row.check_id, row.resource): row for row in rows}
    seen = _Grouped("seen_until")
    ended = _Grouped("ended_at")
    told: list[ResourceInterval] = []
    fresh: list[ResourceInterval] = []
    for check_id, findings in found.items():
        looked_at = looked.get(check_id) or at
        for finding in one_each(findings):
            moment = looked_at
            row = standing.pop((check_id, finding.resource[:400]), None)
            if row is not None and moment <= row.seen_until:
                moment = row.seen_until
            if row is not None and _turned_by_decision(row, finding, check_id in populations):
                moment = max(moment, now() if now() - row.seen_until <= reach else moment)
            if row is not None and _agrees(row, finding) and moment - row.seen_until <= reach:
                if moment != row.seen_until:
                    seen.add(row, moment)
                if row.message != finding.message:
                    row.message = finding.message
                    told.append(row)
                continue
            if row is not None:
                ended.add(row, _end(row, moment, reach))
                if moment - row.seen_until > reach:
                    fresh.append(_not_observed(row, moment))
            fresh.append(_opened(connection, check_id, finding, moment, numbers.get(check_id, 1)))
    for row in standing.values():
        ended.add(row, _end(row, at, reach))
    seen.write()
    ended.write()
    update_rows(told, ["message"])
    ResourceInterval.objects.bulk_create(fresh, batch_size=500)


class _Grouped:
    """Rows that get the same moment are written by one statement: nearly all rows of a look do."""

    def __init__(self, field: str) -> None:
        self.field = field
        self.rows: dict[datetime, list[Any]] = defaultdict(list)

    def add(self, row: ResourceInterval, moment: datetime) -> None:
        self.rows[moment].append(row.pk)

    def write(self) -> None:
        for moment, ids in self.rows.items():
            ResourceInterval.objects.filter(pk__in=ids).update(**{self.field: moment})


WORST = [Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED, Outcome.PASS, Outcome.NOT_APPLICABLE]


def one_each(findings: list[Finding]) -> list[Finding]:
    """One finding a resource: where a check says several things of it, the worst holds."""
    kept: dict[str, Finding] = {}
    for finding in findings:
        name = finding.resource[:400]
        if name not in kept or WORST.index(finding.outcome) < WORST.index(kept[name].outcome):
            kept[name] = finding
    return list(kept.values())


def _turned_by_decision(row: ResourceInterval, finding: Finding, population: bool) -> bool:
    """An exception turns a failure, a review of a list turns an item that it keeps. The facts turn all else."""
    between = {row.outcome, finding.outcome}
    return between == {Outcome.FAIL, Outcome.EXCEPTED} or (population and len(between) == 2 and Outcome.PASS in between)


def _agrees(row: ResourceInterval, finding: Finding) -> bool:
    return row.outcome == finding.outcome and row.reason == (finding.reason or "")


def _end(row: ResourceInterval, at: datetime, reach: timedelta) -> datetime:
    return at if at - row.seen_until <= reach else row.seen_until


def _not_observed(row: ResourceInterval, until: datetime) -> ResourceInterval:
    return ResourceInterval(
        connection=row.connection, check_id=row.check_id, resource=row.resource, outcome=Outcome.UNKNOWN,
        reason=Reason.NOT_COLLECTED, message="Not observed: two looks lie more than two cadences apart.",
        started_at=row.seen_until, seen_until=until, ended_at=until,
    )


def _opened(connection: Connection, check_id: str, finding: Finding, at: datetime, version: int) -> ResourceInterval:
    return ResourceInterval(
        connection=connection, check_id=check_id, resource=finding.resource[:400], outcome=finding.outcome,
        reason=finding.reason or "", message=finding.message, started_at=at, seen_until=at, check_version=version,
    )
