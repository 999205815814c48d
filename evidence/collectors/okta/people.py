"""Users, their factors and their administrator roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.checks.okta.reading import CAN_SIGN_IN
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.okta.reading import answered, entries, found, pick
from evidence.collectors.okta.session import OktaSession, Partial, Subject

# Listing all users leaves out the deactivated ones; a filter brings those.
_LISTS: tuple[dict[str, Any], ...] = ({"limit": 200}, {"filter": 'status eq "DEPROVISIONED"', "limit": 200})

_FIELDS = {
    "id": "id", "login": "profile.login", "email": "profile.email", "first_name": "profile.firstName",
    "last_name": "profile.lastName", "status": "status", "created": "created", "activated": "activated",
    "status_changed": "statusChanged", "last_login": "lastLogin", "password_changed": "passwordChanged",
}  # fmt: skip


def _users(session: OktaSession, context: Context) -> Iterator[Page]:
    for params in _LISTS:
        yield from session.stream("/api/v1/users", params)


def _user_rows(pages: Sequence[Page]) -> list[Row]:
    # Who is deactivated between the two lists is in both; the later answer is the truer one.
    return list({str(entry.get("id")): pick(entry, _FIELDS) for entry in entries(pages)}.values())


def _all_users(session: OktaSession) -> dict[str, dict[str, Any]]:
    """Users by id, as this run has seen them."""
    return {str(user.get("id")): user for params in _LISTS for user in session.rows("/api/v1/users", params)}


def _factors(session: OktaSession, context: Context) -> Iterator[Page]:
    users = [user for user in _all_users(session).values() if user.get("status") in CAN_SIGN_IN]
    yield from session.ask_each(
        "GET /api/v1/users/{userId}/factors",
        (Subject(_about(user), f"/api/v1/users/{user['id']}/factors") for user in users if user.get("id")),
    )


def _about(user: dict[str, Any]) -> dict[str, Any]:
    return {"user_id": user.get("id"), "login": found(user, "profile.login"), "status": user.get("status")}


def _factor_rows(pages: Sequence[Page]) -> list[Row]:
    fields = {"id": "id", "type": "factorType", "provider": "provider", "status": "status", "created": "created"}
    return [
        {**(entry.get("about") or {}), "factors": answered(entry, lambda raw: pick(raw, fields))}
        for entry in entries(pages)
    ]


def _admin_roles(session: OktaSession, context: Context) -> Iterator[Page]:
    path, assigned = "/api/v1/iam/assignees/users", []
    for page, _ in session.walk(path, {"limit": 100}, "value"):
        assigned += [str(entry["id"]) for entry in page.body["value"] if entry.get("id")]
        yield page
    logins = _logins(session)
    yield from session.ask_each(
        "GET /api/v1/users/{userId}/roles",
        (Subject({"user_id": id, "login": logins.get(id)}, f"/api/v1/users/{id}/roles") for id in assigned),
    )


def _logins(session: OktaSession) -> dict[str, Any]:
    """Logins by id, for the reader's sake: roles can be judged without them."""
    names: dict[str, Any] = {}
    for params in _LISTS:
        try:
            pages = session.pages("/api/v1/users", params)
        except Partial as partial:
            pages = partial.pages
        names |= {str(user.get("id")): found(user, "profile.login") for page in pages for user in page.body}
    return names


ROLE_FIELDS = {"id": "id", "type": "type", "label": "label", "status": "status", "via": "assignmentType"}


def _role_rows(pages: Sequence[Page]) -> list[Row]:
    return [
        {**(entry.get("about") or {}), "roles": answered(entry, lambda raw: pick(raw, ROLE_FIELDS))}
        for entry in entries(pages)
    ]


KINDS = (
    FactKind(
        id="okta.users", title="Users, the deactivated ones included", collect=_users, rows=_user_rows,
        permissions=("okta.users.read",),
    ),
    FactKind(
        id="okta.factors", title="Enrolled factors of everyone who can sign in", collect=_factors, rows=_factor_rows,
        permissions=("okta.users.read",),
    ),
    FactKind(
        id="okta.admin_roles", title="Administrator roles by user", collect=_admin_roles, rows=_role_rows,
        permissions=("okta.roles.read", "okta.users.read"),
    ),
)  # fmt: skip
