"""Applications with who is assigned, groups with their roles, and the rules that fill groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.okta.people import ROLE_FIELDS
from evidence.collectors.okta.reading import answered, entries, found, pick, picker
from evidence.collectors.okta.session import OktaSession, Subject

_APPS, _GROUPS = ("/api/v1/apps", {"limit": 200}), ("/api/v1/groups", {"limit": 1000})
# One application may have every user assigned, so a page holds few of them.
_APPS_PER_PAGE = 8
_ASSIGNED = {"users": "GET /api/v1/apps/{appId}/users", "groups": "GET /api/v1/apps/{appId}/groups"}


def _apps(session: OktaSession, context: Context) -> Iterator[Page]:
    yield from session.stream(*_APPS)


def _app_rows(pages: Sequence[Page]) -> list[Row]:
    fields = {
        "id": "id", "name": "name", "label": "label", "status": "status", "sign_on_mode": "signOnMode",
        "created": "created",
    }  # fmt: skip
    return [{**pick(entry, fields), **_access_policy(entry)} for entry in entries(pages)]


def _access_policy(app: Mapping[str, Any]) -> dict[str, Any]:
    """The id of the policy that decides on sign-on: Okta gives it only as the end of a link."""
    href = found(app, "_links.accessPolicy.href")
    return {"access_policy_id": str(href).rstrip("/").rsplit("/", 1)[-1]} if href else {}


def _assignments(session: OktaSession, context: Context) -> Iterator[Page]:
    apps = [app for app in session.rows(*_APPS) if app.get("id") and app.get("status") == "ACTIVE"]
    for what, limit in (("users", 500), ("groups", 200)):
        yield from session.ask_each(
            _ASSIGNED[what],
            (
                Subject(
                    {"id": app["id"], "label": app.get("label")}, f"/api/v1/apps/{app['id']}/{what}", {"limit": limit}
                )
                for app in apps
            ),
            per_page=_APPS_PER_PAGE,
        )  # fmt: skip


def _assignment_rows(pages: Sequence[Page]) -> list[Row]:
    fields = {"id": "id", "scope": "scope", "status": "status", "created": "created"}
    apps: dict[str, dict[str, Any]] = {}
    for what, call in _ASSIGNED.items():
        for entry in entries([page for page in pages if page.call == call]):
            about = entry.get("about") or {}
            row = apps.setdefault(str(about.get("id")), dict(about))
            row[what] = answered(entry, lambda raw: pick(raw, fields))
    unseen = unknown(Reason.NOT_COLLECTED)
    return [{"users": unseen, "groups": unseen, **row} for row in apps.values()]


def _groups(session: OktaSession, context: Context) -> Iterator[Page]:
    yield from session.stream(*_GROUPS)


def _group_rules(session: OktaSession, context: Context) -> Iterator[Page]:
    yield from session.stream("/api/v1/groups/rules", {"limit": 200})


def _group_roles(session: OktaSession, context: Context) -> Iterator[Page]:
    groups = [group for group in session.rows(*_GROUPS) if group.get("id")]
    yield from session.ask_each(
        "GET /api/v1/groups/{groupId}/roles",
        (
            Subject({"id": group["id"], "name": found(group, "profile.name")}, f"/api/v1/groups/{group['id']}/roles")
            for group in groups
        ),
    )


def _group_role_rows(pages: Sequence[Page]) -> list[Row]:
    return [
        {**(entry.get("about") or {}), "roles": answered(entry, lambda raw: pick(raw, ROLE_FIELDS))}
        for entry in entries(pages)
    ]


KINDS = (
    FactKind(
        id="okta.apps", title="Applications", collect=_apps, rows=_app_rows, permissions=("okta.apps.read",)
    ),
    FactKind(
        id="okta.app_assignments", title="Users and groups assigned to each application", collect=_assignments,
        rows=_assignment_rows, permissions=("okta.apps.read",),
    ),
    FactKind(
        id="okta.groups", title="Groups", collect=_groups, permissions=("okta.groups.read",),
        rows=picker({"id": "id", "name": "profile.name", "type": "type", "description": "profile.description"}),
    ),
    FactKind(
        id="okta.group_rules", title="Group rules", collect=_group_rules, permissions=("okta.groups.read",),
        rows=picker({"id": "id", "name": "name", "status": "status", "expression": "conditions.expression.value",
                     "group_ids": "actions.assignUserToGroups.groupIds"}),
        can_be_empty=True,
    ),
    FactKind(
        id="okta.group_roles", title="Administrator roles given through groups", collect=_group_roles,
        rows=_group_role_rows, permissions=("okta.roles.read", "okta.groups.read"),
    ),
)  # fmt: skip
