"""People: who came, who left, and how long their accounts outlived their last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from evidence.checks.base import Reason, Row, unknown

from ..given import Drawn, Given, System, instant, moment, told
from ..items import Item
from ..reconciling import Kind, day_of, names_of
from .access import LOG, unequal_accounts
from .accounts import Seen, watched

#: Hours that a leaver's access may outlive the last day, unless the population says another number.
HOURS = 24
_ENDS = frozenset({"user.lifecycle.deactivate", "user.lifecycle.suspend"})
_BEGINS = frozenset({"user.lifecycle.activate", "user.lifecycle.reactivate", "user.lifecycle.unsuspend"})
_UNSAID = unknown(Reason.NOT_COLLECTED)
#: What the accounts say of leavers: accounts of nobody belong to the list of users.
_OF_LEAVERS = (Kind.LEFT, Kind.UNREAD)


def joiners(given: Given) -> Drawn:
    """Everybody whose first day lies in the period, with when an account of theirs could first be used. Those of them who
    have none where one is expected are told."""
    items = []
    for person in given.people:
        day = day_of(person.get("start_date"))
        if day is None or not given.period.holds_day(day):
            continue
        items.append(Item("people", str(person["id"]), {
            "worker": person["id"], "name": told(person, "name"), "started_on": day.isoformat(),
            "team": person.get("team") or None, "first_access_at": _first_access(given, person),
            "screened_on": _UNSAID, "agreement_on": _UNSAID, "trained_on": _UNSAID,
        }))  # fmt: skip
    named = {item.cells["name"] for item in items}
    return Drawn(items, unequal=[each for each in unequal_accounts(given) if each.kind == Kind.LACKING and each.subject in named])


def _first_access(given: Given, person: Row) -> Any:
    """When the identity provider made the account: it was activated then, or at the latest created."""
    told_at = [
        instant(row.get("activated") or row.get("created"))
        for system in given.systems for row in system.latest("okta.users") if _names(row) & names_of(person)
    ]  # fmt: skip
    found = [at for at in told_at if at is not None]
    return moment(min(found)) if found else _UNSAID


def leavers(given: Given) -> Drawn:
    """Everybody whose last day lies in the period, once for each system in which they had an account. Whoever left,
    in it or before, and still has an open account is told."""
    seen = {system.slug: list(watched(given, system).values()) for system in given.systems}
    items: list[Item] = []
    people = [person for person in given.people if _left(given, person)]
    for person in people:
        rows = [
            _row(given, system, person, account)
            for system in given.systems for account in seen[system.slug] if account.account.names & names_of(person)
        ]  # fmt: skip
        items += rows or [_without_account(person)]
    return Drawn(items, unequal=[each for each in unequal_accounts(given) if each.kind in _OF_LEAVERS], counted=len(people))


def _left(given: Given, person: Row) -> bool:
    day = day_of(person.get("end_date"))
    return day is not None and given.period.holds_day(day)


def _row(given: Given, system: System, person: Row, seen: Seen) -> Item:
    ends = datetime.combine(date.fromisoformat(str(person["end_date"])) + timedelta(days=1), time(), given.period.zone)
    exact = _ended_by_log(system, seen) if seen.closed_at is not None else None
    hours = float(given.settings.get("hours", HOURS))
    return Item(system.slug, f"{person['id']} {seen.account.id}", _about(person) | {
        "system": system.name, "account": seen.account.id,
        "ended_at": moment(exact) if exact else None if seen.closed_at is None else _UNSAID,
        "ended_by": moment(seen.closed_at), "hours": _hours(exact, seen, ends), "returned_on": _UNSAID,
        "in_time": in_time(exact, seen, ends.astimezone(UTC), hours),
    })  # fmt: skip


def in_time(exact: datetime | None, seen: Seen, ends: datetime, hours: float) -> Any:
    """Whether access ended in time: exactly where the log tells when, else by the looks before and after; where the limit
    lies between the two, nobody can say. An account that is still open has failed once its hours are over."""
    limit = ends + timedelta(hours=hours)
    if exact is not None:
        return exact <= limit
    if seen.closed_at is not None and seen.closed_at <= limit:
        return True
    if seen.open_at is not None and seen.open_at > limit:
        return False
    return _UNSAID


def _hours(exact: datetime | None, seen: Seen, ends: datetime) -> Any:
    if exact is not None:
        return round(max(0.0, (exact - ends).total_seconds() / 3600), 1)
    if seen.closed_at is not None and seen.closed_at <= ends:
        return 0.0
    return _UNSAID


def _ended_by_log(system: System, seen: Seen) -> datetime | None:
    """When access ended and stayed ended, by the log; a later end of an account that is closed already is no end."""
    closed: datetime | None = None
    id = seen.row.get("id")
    events = [event for event in system.latest(LOG) if id and id in (event.get("target_users") or ())]
    for event in sorted(events, key=lambda each: str(each.get("published"))):
        if event.get("result") != "SUCCESS":
            continue
        if event.get("event_type") in _ENDS and closed is None:
            closed = instant(event.get("published"))
        elif event.get("event_type") in _BEGINS:
            closed = None
    return closed or (instant(seen.row.get("status_changed")) if seen.account.active is False else None)


def _without_account(person: Row) -> Item:
    return Item("people", str(person["id"]), _about(person) | {
        "system": "no account was seen in any system", "account": None, "ended_at": None, "ended_by": None, "hours": None,
        "in_time": None, "returned_on": _UNSAID,
    })  # fmt: skip


def _about(person: Row) -> dict[str, Any]:
    return {"worker": person["id"], "name": told(person, "name"), "last_day": str(person["end_date"])[:10]}


def _names(row: Row) -> frozenset[str]:
    return frozenset(str(row[field]).lower() for field in ("id", "login", "email") if row.get(field))
