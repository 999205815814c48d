"""What GitHub's checks share: which repositories are in scope, who works here, and how a verdict is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from evidence.checks.base import Facts, Finding, Outcome, Row, Unreadable, known, required

WORKERS = "org.workers"
SCOPE = "org.scope"


def repo(row: Row) -> str:
    """A repository as a resource: `repo:acme/api`."""
    return f"repo:{row['repository']}"


def scope(facts: Facts) -> dict[str, Row]:
    """The scope register's rows for GitHub, by what GitHub calls each: `acme/api`, `acme`."""
    rows = (row for row in facts.rows(SCOPE) if str(row.get("external_id") or "").startswith("github:"))
    return {str(row["external_id"]).removeprefix("github:"): row for row in rows}


def left_out(facts: Facts) -> set[str]:
    """Repositories that somebody decided are out of scope. Undecided counts as in."""
    return {name for name, row in scope(facts).items() if row.get("decision") == "out"}


def workers_by_login(facts: Facts) -> dict[str, Row]:
    """Workers by their GitHub login, in lower case, as GitHub compares logins."""
    found = {}
    for worker in facts.rows(WORKERS):
        login = (worker.get("accounts") or {}).get("github")
        if login:
            found[str(login).lower()] = worker
    return found


def why_not_active(worker: Row | None, now: datetime, grace_days: int) -> str | None:
    """What is wrong with this worker's account, or None. A leaver's may stand `grace_days` after the last day."""
    if worker is None:
        return "belongs to nobody on the roster of workers"
    if worker.get("active"):
        return None
    ended = worker.get("end_date")
    if not ended:
        return f"belongs to {worker.get('name')}, who is not an active worker"
    over = (now.date() - date.fromisoformat(ended)).days
    return f"belongs to {worker.get('name')}, who left on {ended}, {over} days ago" if over > grace_days else None


def moment(row: Row, path: str) -> datetime:
    """A time in a row. Null or no time raises Unreadable or ValueError, both of which become unknown."""
    return datetime.fromisoformat(required(row, path))


def past_sla(row: Row, now: datetime, days: int) -> tuple[bool, str]:
    """Whether an open alert is within its days, counted from when GitHub raised it."""
    raised = moment(row, "created_at")
    age, title = (now - raised).days, row.get("title") or "alert"
    if now - raised > timedelta(days=days):
        return False, f"{title}: open for {age} days, {days} are allowed"
    return True, f"{title}: open for {age} of {days} days"


def verdict(resource: str, complaints: Iterable[Callable[[], str | None]], met: str) -> Finding:
    """One finding from several questions: any complaint fails, else anything unreadable is unknown, else it passes."""
    wrong, gap = [], None
    for ask in complaints:
        try:
            said = ask()
        except Unreadable as unreadable:
            gap = gap or unreadable
            continue
        if said:
            wrong.append(said)
    if wrong:
        return Finding(resource, Outcome.FAIL, "; ".join(wrong))
    return Finding(resource, Outcome.UNKNOWN, str(gap), gap.reason) if gap else Finding(resource, Outcome.PASS, met)


def latest(rows: Iterable[Row]) -> list[Row]:
    """Rows of a population with the newest of each id: an item may have been collected more than once."""
    return list({row["id"]: row for row in rows}.values())


def unread(row: Row) -> Finding | None:
    """The finding for a repository whose population could not be read, None where it was."""
    try:
        known(row, "read")
    except Unreadable as gap:
        return Finding(repo(row), Outcome.UNKNOWN, "its changes could not be read", gap.reason)
    return None


def per_severity(thresholds: Mapping[str, Any], severity: Any) -> int:
    """Days allowed for a severity; one that the policy does not name is treated as high."""
    days = thresholds["sla_days"]
    return int(days.get(str(severity).lower(), days["high"]))
