"""Facts as a run brings them, without a vendor: pages in the vendor's shape, kept by the collectors' own services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Page
from evidence.collectors.models import Connection, Run
from evidence.collectors.registry import kind_of
from evidence.collectors.services.request import request_run
from evidence.collectors.services.steps import Looked, finish_step


def collected(connection: Connection, pages: Mapping[str, Sequence[Page] | Reason]) -> Run:
    """One run of these kinds: the pages of each, or why it could not be read."""
    run = request_run(actor=SYSTEM, connection=connection, kinds=list(pages))
    for step in run.steps.all():
        brought = pages.get(step.fact_kind)
        if brought is None:
            continue
        looked = Looked(kind=kind_of(connection.vendor, step.fact_kind), began_at=now())
        if isinstance(brought, Reason):
            looked.error = CollectionError(brought, "It was refused.")
        else:
            for page in brought:
                looked.pages.append(page)
        finish_step(run=run, step=step, looked=looked, identity="reader")
    Run.objects.filter(pk=run.pk).update(state="finished", outcome="ok", finished_at=now())
    return run


def okta(users: Sequence[Mapping[str, Any]], admins: Mapping[str, Sequence[str]] = {}) -> dict[str, list[Page]]:  # noqa: B006
    """An Okta organisation with these users; `admins` are their roles by login."""
    ids = {user["login"]: user["id"] for user in users}
    roles = [
        {"about": {"user_id": ids.get(login, login), "login": login},
         "answer": [_role(n, role) for n, role in enumerate(held)]}
        for login, held in admins.items()
    ]  # fmt: skip
    return {
        "okta.org": [Page("GET /api/v1/org", {}, {"id": "00o1", "companyName": "Acme", "subdomain": "acme", "status": "ACTIVE"})],
        "okta.users": [Page("GET /api/v1/users", {}, [_user(user) for user in users])],
        "okta.admin_roles": [Page("GET /api/v1/users/{userId}/roles", {}, roles)],
        "okta.group_roles": [Page("GET /api/v1/groups/{groupId}/roles", {}, [{"about": {"id": "g1", "name": "All"}, "answer": []}])],
    }


def _role(number: int, role: str) -> dict[str, Any]:
    return {"id": f"r{number}", "type": role, "label": role.replace("_", " ").title(), "status": "ACTIVE"}


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": user["id"], "status": user.get("status", "ACTIVE"), "created": user.get("created", "2024-01-01T00:00:00Z"),
        "activated": "2024-01-01T00:00:00Z", "statusChanged": "2024-01-01T00:00:00Z", "lastLogin": user.get("last_login"),
        "passwordChanged": None,
        "profile": {"login": user["login"], "email": user.get("email", user["login"]), "firstName": "A", "lastName": "B"},
    }  # fmt: skip
