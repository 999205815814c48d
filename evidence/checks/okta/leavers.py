"""Leavers: the hours between the last day of work and the end of access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from evidence.checks.base import Facts, Finding, Row, Severity, Unreadable, check, required
from evidence.checks.okta.reading import in_words, listed, moment, unreadable, user_name, verdict

_CLOSED = frozenset({"DEPROVISIONED", "SUSPENDED"})
_NEVER_OPENED = "STAGED"
_ENDS = frozenset({"user.lifecycle.deactivate", "user.lifecycle.suspend"})
_BEGINS = frozenset({"user.lifecycle.activate", "user.lifecycle.reactivate", "user.lifecycle.unsuspend"})


@check(
    "okta.users.terminated_deactivated",
    title="Leavers lose access within a day",
    resource="user", severity=Severity.CRITICAL, criteria="CC6.2 CC6.3", annex_a="A.5.18 A.5.16",
    facts=("okta.users", "okta.system_log", "org.workers"), hours=24, look_back_days=366,
    why="A leaver's open account is the commonest exception in a report; once the hours have passed it stands.",
    remedy="Deactivate the account now, find out why the leaving date did not reach Okta, and record the deviation.",
)
def terminated_deactivated(facts: Facts) -> Iterator[Finding]:
    users, workers = facts.rows("okta.users"), facts.rows("org.workers")
    log = _log(facts)
    at_work = {key for worker in workers if not _ended(worker, facts.now) for key in _keys(worker)}
    for worker in workers:
        if not _ended(worker, facts.now):
            continue
        accounts = [user for user in users if _keys(worker) & _keys_of(user)]
        if not accounts:
            yield listed(f"user:{worker.get('email')}", "no account in Okta")
        for user in accounts:
            if _keys_of(user) & at_work:
                yield listed(user_name(user), "works here again")
                continue
            try:
                yield _judge(user, _end(worker), facts, log)
            except Unreadable as gap:
                yield unreadable(user_name(user), gap)


def _log(facts: Facts) -> Sequence[Row] | Unreadable:
    """The System Log's events, or why it cannot be gone by. An open account is one without asking the log."""
    try:
        rows = facts.rows("okta.system_log")
        for row in rows:
            for field in ("event_type", "published", "result"):
                required(row, field)
    except Unreadable as gap:
        return gap
    return rows


def _judge(user: Row, end: datetime, facts: Facts, log: Sequence[Row] | Unreadable) -> Finding:
    name, allowed = user_name(user), float(facts.thresholds["hours"])
    status = str(required(user, "status"))
    if status == _NEVER_OPENED:
        return listed(name, "the account was never activated")
    if status not in _CLOSED:
        hours = (facts.now - end).total_seconds() / 3600
        days = (facts.now.date() - _last_day(end)).days
        if hours <= allowed:
            return listed(name, f"{allowed - hours:.0f} hours are left to end the access")
        return verdict(name, False, f"still {status.lower().replace('_', ' ')} {in_words(days, 'day')} on")
    if end < facts.now - timedelta(days=int(facts.thresholds["look_back_days"])):
        return listed(name, "left before the span that is looked at")
    if isinstance(log, Unreadable):
        raise log
    hours = (_closed_at(user, log) - end).total_seconds() / 3600
    return verdict(name, hours <= allowed, f"access ended {_late(hours)}")


def _late(hours: float) -> str:
    if hours <= 0:
        return "by the end of the last day"
    days, rest = divmod(round(hours), 24)
    span = f"{in_words(days, 'day')} and {in_words(rest, 'hour')}" if days else in_words(rest, "hour")
    return f"{span} after the last day"


def _closed_at(user: Row, log: Sequence[Row]) -> datetime:
    """When access ended and stayed ended: by the log where it tells, else by the account's last change of status."""
    closed: datetime | None = None
    events = [event for event in log if user.get("id") in (event.get("target_users") or ())]
    for event in sorted(events, key=lambda e: str(e.get("published"))):
        if event.get("result") != "SUCCESS":
            continue
        if event.get("event_type") in _ENDS and closed is None:
            closed = moment(required(event, "published"))
        elif event.get("event_type") in _BEGINS:
            closed = None
    return closed or moment(required(user, "status_changed"))


def _end(worker: Row) -> datetime:
    """The end of work. A plain date means the end of that day, in UTC: nobody is late before midnight."""
    text = str(required(worker, "end_date"))
    if len(text) == len("2026-01-31"):
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), datetime.min.time(), UTC)
    return moment(text)


def _last_day(end: datetime) -> date:
    return (end - timedelta(microseconds=1)).date()


def _ended(worker: Row, now: datetime) -> bool:
    return bool(worker.get("end_date")) and _end(worker) <= now


def _keys(worker: Row) -> set[str]:
    """What an account is found by: its id where HR knows it, and the mail address."""
    found = {(worker.get("accounts") or {}).get("okta"), worker.get("email")}
    return {str(key).lower() for key in found if key}


def _keys_of(user: Row) -> set[str]:
    return {str(user.get(key)).lower() for key in ("id", "login", "email") if user.get(key)}
