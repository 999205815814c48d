"""Accounts in Okta: the organisation's own with their administrator roles, and who is assigned to an application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from evidence.checks.base import Row, Unreadable, known
from evidence.checks.okta.reading import namer, user_name

from .base import Found, Listing, Reading, Rows, moment, tagged, text

USERS, ROLES, GROUP_ROLES, ASSIGNED = "okta.users", "okta.admin_roles", "okta.group_roles", "okta.app_assignments"
#: An account in this state is closed for good. A suspended one is not: whoever lifts it has the access back.
CLOSED = "DEPROVISIONED"
_SCOPES = {"USER": "Assigned directly", "GROUP": "Assigned through a group"}


def _is_organization(rows: Rows, name: str) -> bool:
    return any(str(row.get("id")) == name for row in rows.get("okta.org", ()))


def _organization(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    roles = {str(row.get("user_id")): row for row in rows[ROLES]}
    services = tagged(rows)
    people = [
        _user(row, services, **_held(roles.get(str(row.get("id"))), user_name, "okta.admins.population"))
        for row in rows[USERS]
        if row.get("status") != CLOSED
    ]
    return Listing((*people, *_groups(rows)))


def _user(row: Row, services: frozenset[str], **more: Any) -> Found:
    since, _ = moment(row, "created")
    used, use_known = moment(row, "last_login")
    login = text(row, "login") or text(row, "id")
    return Found(
        key=text(row, "id") or login, name=login, email=text(row, "email"), status=text(row, "status").lower(),
        service=bool({text(row, "id").lower(), login.lower()} & services), since=since, last_used=used,
        use_known=use_known, joins=(("okta", text(row, "id")),), **more,
    )  # fmt: skip


def _held(row: Row | None, name: Any, check: str) -> Mapping[str, Any]:
    """What an administrator holds. Roles that could not be read count as some."""
    if row is None:
        return {}
    try:
        active = [role for role in known(row, "roles") if role.get("status") == "ACTIVE"]
    except Unreadable as gap:
        return {"privileged": True, "unread": f"Administrator roles could not be read: {gap.reason}"}
    labels = tuple(sorted({str(role.get("label") or role.get("type")) for role in active}))
    return {"privileged": bool(labels), "entitlements": labels, "stands_for": {check: name(row)}}


def _groups(rows: Rows) -> Iterator[Found]:
    """Groups that carry an administrator role: whoever may fill one makes administrators."""
    name = namer(rows[GROUP_ROLES], "group")
    for row in rows[GROUP_ROLES]:
        held = _held(row, name, "okta.admins.groups_roles")
        if held["privileged"]:
            yield Found(key=f"group:{text(row, 'id')}", name=f"Group {text(row, 'name')}", kind="group", **held)


def _is_application(rows: Rows, name: str) -> bool:
    return any(str(row.get("id")) == name for row in rows.get(ASSIGNED, ()))


def _application(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    row = next(row for row in rows[ASSIGNED] if str(row.get("id")) == name)
    users, services = {str(user.get("id")): user for user in rows[USERS]}, tagged(rows)
    resource = namer(rows[ASSIGNED], "app", "label")(row)
    found = [_assigned(one, users.get(str(one.get("id"))), services) for one in known(row, "users")]
    return Listing(tuple(found), {"okta.apps.assignment_population": resource})


def _assigned(one: Row, user: Row | None, services: frozenset[str]) -> Found:
    """An assignment. Okta does not say when an application was last used through it."""
    scope = str(one.get("scope") or "")
    since, _ = moment(one, "created")
    id, login = text(one, "id"), text(user or {}, "login")
    return Found(
        key=id, name=login or id, email=text(user or {}, "email"), status=text(user or {}, "status").lower(), since=since,
        service=bool({id.lower(), login.lower()} & services), joins=(("okta", id),),
        entitlements=(_SCOPES.get(scope, scope or "Assigned"),),
        unread="" if user else "The user is not on Okta's list of users",
    )  # fmt: skip


READINGS = (
    Reading(
        "okta.organization", "okta", "identity_provider", "Okta users and administrators",
        ("okta.org", USERS, ROLES, GROUP_ROLES), USERS, _is_organization, _organization,
    ),
    Reading(
        "okta.application", "okta", "application", "Okta assignments", (ASSIGNED, USERS), ASSIGNED, _is_application,
        _application,
    ),
)  # fmt: skip
