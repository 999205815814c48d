"""Looks at systems in the vendors' own shape: raw answers, made into rows by the collectors' own code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from evidence.collectors.base import Page
from evidence.collectors.github.alerts import dependabot_rows
from evidence.collectors.github.change_rows import change_rows
from evidence.collectors.github.organization import member_rows
from evidence.collectors.github.pushes import push_rows
from evidence.collectors.okta.people import _user_rows
from evidence.collectors.okta.system_log import _rows as log_rows
from evidence.populations.given import Given, Look, System
from evidence.populations.spans import Period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), UTC)


def at(day: int, month: int = 3, hour: int = 2) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def pull(
    number: int, merged: str = "2026-03-10T10:00:00Z", author: str = "ana", title: str = "PAY-7 Add refunds", **more: Any
) -> dict[str, Any]:
    """A merged pull request as `GET /repos/{owner}/{repo}/pulls` gives it."""
    return {
        "number": number, "title": title, "user": {"login": author, "type": "User"}, "merged_at": merged, "created_at": merged,
        "updated_at": merged, "head": {"sha": f"head{number}"}, "base": {"ref": "main"}, "merge_commit_sha": f"merge{number}",
        "html_url": f"https://github.com/acme/api/pull/{number}", **more,
    }  # fmt: skip


def review(who: str, commit: str, state: str = "APPROVED", at: str = "2026-03-10T09:00:00Z") -> dict[str, Any]:
    return {"user": {"login": who, "type": "User"}, "state": state, "submitted_at": at, "commit_id": commit}


def detail(number: int, reviews: Any, merged_by: str = "bo", checks: Any = None) -> dict[str, Any]:
    run = {"name": "build", "status": "completed", "conclusion": "success", "started_at": "2026-03-10T08:00:00Z"}
    return {
        "pull": pull(number) | {"merged_by": {"login": merged_by}}, "reviews": reviews,
        "check_runs": [run] if checks is None else checks, "status": {"statuses": []},
    }  # fmt: skip


def changes_page(pulls: list[dict[str, Any]], details: dict[str, Any], name: str = "acme/api") -> Page:
    return Page(f"GET /repos/{name}/pulls", {"repository": name}, {"repository": name, "pulls": pulls, "details": details})


def whole(name: str = "acme/api", **more: Any) -> Page:
    """The page that ends a repository: how far it was read."""
    return Page(f"GET /repos/{name}/pulls", {}, {"repository": name, "complete_to": "2026-04-01T00:00:00Z", "pulls": [], **more})


def github(changes: list[Page] | None = None, pushes: list[Page] | None = None, members: dict[datetime, list[str]] | None = None,
           alerts: dict[datetime, list[dict[str, Any]]] | None = None) -> System:  # fmt: skip
    """A connection to GitHub that looked."""
    looks: dict[str, Any] = {}
    if changes is not None:
        looks["github.merged_pull_requests"] = [Look(at(1, 4), tuple(change_rows(changes)))]
    if pushes is not None:
        looks["github.direct_pushes"] = [Look(at(1, 4), tuple(push_rows(pushes)))]
    for when, logins in (members or {}).items():
        listed = [{"login": login, "type": "User"} for login in logins]
        pages = [Page("GET /orgs/acme/members", {"role": role}, listed if role == "all" else listed[:1]) for role in ("all", "admin")]
        pages.append(Page("GET /orgs/acme/members", {"filter": "2fa_disabled"}, []))
        looks.setdefault("github.members", []).append(Look(when, tuple(member_rows(pages))))
    for when, found in (alerts or {}).items():
        page = Page("GET /orgs/acme/dependabot/alerts", {}, found)
        looks.setdefault("github.dependabot_alerts", []).append(Look(when, tuple(dependabot_rows([page]))))
    return System("github", "GitHub", "github", looks)


def okta_user(id: str, login: str, status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    """A user as `GET /api/v1/users` gives it."""
    return {
        "id": id, "status": status, "created": "2026-03-01T08:00:00.000Z", "activated": "2026-03-01T09:00:00.000Z",
        "statusChanged": "2026-03-01T09:00:00.000Z", "lastLogin": "2026-03-09T09:00:00.000Z",
        "profile": {"login": login, "email": login, "firstName": "A", "lastName": "B"}, **more,
    }  # fmt: skip


def log_event(uuid: str, kind: str, published: str, *targets: dict[str, Any], result: str = "SUCCESS") -> dict[str, Any]:
    """An event as `GET /api/v1/logs` gives it."""
    return {
        "uuid": uuid, "eventType": kind, "published": published, "outcome": {"result": result}, "displayMessage": kind,
        "actor": {"id": "00uadmin", "alternateId": "it@acme.example", "type": "User"}, "target": list(targets),
    }  # fmt: skip


def okta(users: dict[datetime, list[dict[str, Any]]], log: list[dict[str, Any]] | None = None) -> System:
    """A connection to Okta that looked."""
    looks: dict[str, Any] = {
        "okta.users": [Look(when, tuple(_user_rows([Page("GET /api/v1/users", {}, found)]))) for when, found in users.items()]
    }
    if log is not None:
        looks["okta.system_log"] = [Look(at(1, 4), tuple(log_rows([Page("GET /api/v1/logs", {}, log)])))]
    return System("okta", "Okta", "okta", looks)


def given(*systems: System, people: Any = (), scope: Any = (), period: Period = MARCH, **settings: Any) -> Given:
    return Given(period, systems, people, scope, settings)


def person(id: str, name: str, email: str, start: str = "2025-01-01", end: str | None = None, **accounts: str) -> dict[str, Any]:
    """A row of the people list."""
    return {"id": id, "name": name, "email": email, "start_date": start, "end_date": end, "active": True, "accounts": accounts}
