"""Changes, vulnerabilities and backups of what has no API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from evidence.checks.base import Facts, Finding, Row, Severity, check, required
from evidence.checks.push.reading import each_sent, moment

CHANGES, VULNERABILITIES, BACKUPS = "push.changes", "push.vulnerabilities", "push.backups"


@check(
    "push.changes.approved", title="Changes are approved by another before they are deployed", resource="change",
    severity=Severity.HIGH, criteria="CC8.1", annex_a="A.8.32", facts=CHANGES, emergency_days=2,
    why="Each change in the sample is asked for its approval: by whom, and whether it came before the deployment.",
    remedy="Have the change approved by somebody else, record the deviation, and let the pipeline refuse what is not approved.",
)  # fmt: skip
def approved(facts: Facts) -> Iterator[Finding]:
    allowed = timedelta(days=float(facts.thresholds["emergency_days"]))

    def judge(row: Row) -> tuple[bool, str] | None:
        deployed = moment(row, "deployed_at")
        waits = bool(row.get("emergency")) and facts.now - deployed <= allowed
        if not row.get("approved_by"):
            return None if waits else (False, "Nobody approved it.")
        if str(row["approved_by"]).lower() == str(required(row, "author")).lower():
            return False, f"{row['author']} approved it, who made it."
        late = moment(row, "approved_at") - deployed
        if row.get("emergency"):
            return late <= allowed, f"Approved {late.days} days after it was deployed."
        return late <= timedelta(0), "It was deployed before it was approved."

    return each_sent(facts, CHANGES, lambda row: f"change:{row.get('id')}", judge)


@check(
    "push.vulnerabilities.in_time", title="Vulnerabilities are closed within the days that their severity allows",
    resource="vulnerability", severity=Severity.HIGH, criteria="CC7.1", annex_a="A.8.8", facts=VULNERABILITIES,
    critical_days=15, high_days=30, medium_days=90,
    why="The policy promises a number of days; the auditor counts them from the scanner's own first sight.",
    remedy="Patch it, or record a risk acceptance with an end date.",
)  # fmt: skip
def in_time(facts: Facts) -> Iterator[Finding]:
    limits = {name: float(facts.thresholds[f"{name}_days"]) for name in ("critical", "high", "medium")}

    def judge(row: Row) -> tuple[bool, str] | None:
        severity = str(required(row, "severity"))
        if severity == "unknown":
            severity = "critical"  # what nobody has rated may be the worst
        if severity not in limits:
            return None
        days = (facts.now - moment(row, "first_seen_at")).days
        return days <= limits[severity], f"Open for {days} days; {limits[severity]:g} are allowed for {severity}."

    return each_sent(facts, VULNERABILITIES, lambda row: f"{row.get('id')} on {row.get('asset')}", judge)


@check(
    "push.backups.fresh", title="Backups succeed, and are as fresh as was promised", resource="data store",
    severity=Severity.HIGH, criteria="A1.2", annex_a="A.8.13", facts=BACKUPS, hours=26,
    why="A backup that failed last week is found when it is needed; the auditor asks for the job's history first.",
    remedy="Mend the job, run it by hand now, and alarm on the next failure.",
)  # fmt: skip
def fresh(facts: Facts) -> Iterator[Finding]:
    limit = float(facts.thresholds["hours"])

    def judge(row: Row) -> tuple[bool, str]:
        status = str(required(row, "status"))
        if status != "succeeded":
            return False, f"The newest backup {'failed' if status == 'failed' else 'is only a part'}."
        hours = (facts.now - moment(row, "finished_at")).total_seconds() / 3600
        return hours <= limit, f"The newest backup is {hours:.0f} hours old; {limit:g} are allowed."

    return each_sent(facts, BACKUPS, lambda row: f"store:{row.get('store')}", judge)
