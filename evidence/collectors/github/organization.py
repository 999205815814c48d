"""The organisation itself: its settings, its members, and what its workflows may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.github.reading import failed, items, value
from evidence.collectors.github.session import GitHub

ADMINISTRATION = "Organization administration: read"
MEMBERS = "Organization members: read"

# GitHub leaves these out, without a word, for a credential that may not administer the organisation.
_SETTINGS = (
    "two_factor_requirement_enabled", "default_repository_permission", "members_can_create_public_repositories",
    "members_can_delete_repositories", "members_can_change_repo_visibility",
)  # fmt: skip


def collect_organization(session: GitHub, context: Context) -> Iterator[Page]:
    """GET /orgs/{org}."""
    path = f"/orgs/{session.organization}"
    yield Page(f"GET {path}", {}, session.body(path))


def organization_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """One row: the login and the settings that checks read."""
    for page in pages:
        yield {
            "login": value(page.body, "login"), "name": page.body.get("name"),
            **{name: value(page.body, name, absent=Reason.DENIED) for name in _SETTINGS},
        }


def collect_members(session: GitHub, context: Context) -> Iterator[Page]:
    """Members three times over: all, the owners, and those without a second factor (which owners alone may see)."""
    path = f"/orgs/{session.organization}/members"
    yield from session.pages(path, {"role": "all"})
    yield from session.pages(path, {"role": "admin"})
    found = session.attempt(session.all, path, {"filter": "2fa_disabled"})
    yield Page(f"GET {path}", {"filter": "2fa_disabled"}, found)


def member_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per member: login, whether an owner, whether a second factor is set up."""
    owners = {m.get("login") for m in items([p for p in pages if p.parameters.get("role") == "admin"])}
    factor = [p for p in pages if p.parameters.get("filter") == "2fa_disabled"]
    reason = next((r for p in factor if (r := failed(p.body)) is not None), None if factor else Reason.NOT_COLLECTED)
    without = {m.get("login") for m in items(factor)} if reason is None else set()
    for member in items([p for p in pages if p.parameters.get("role") == "all"]):
        login = member.get("login")
        yield {
            "login": value(member, "login"), "type": member.get("type"),
            "owner": unknown(Reason.MALFORMED) if login is None or None in owners else login in owners,
            "two_factor": unknown(reason or Reason.MALFORMED)
            if reason or login is None or None in without
            else login not in without,
        }  # fmt: skip


def collect_actions(session: GitHub, context: Context) -> Iterator[Page]:
    """What workflows may run, and what their token may do."""
    path = f"/orgs/{session.organization}/actions/permissions"
    allowed = session.body(path)
    yield Page(f"GET {path}", {}, allowed)
    if allowed.get("allowed_actions") == "selected":
        yield Page(f"GET {path}/selected-actions", {}, session.body(f"{path}/selected-actions"))
    yield Page(f"GET {path}/workflow", {}, session.attempt(session.body, f"{path}/workflow"))


def action_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """One row of the organisation's settings for Actions. Selected actions are {} where nothing is selected."""
    by_call: dict[str, Any] = {page.call.rsplit("/", 1)[-1]: page.body for page in pages}
    allowed, workflow = by_call.get("permissions", {}), by_call.get("workflow", {})
    if not by_call:
        return
    yield {
        "organization": next(iter(pages)).call.split("/")[2],
        "enabled_repositories": value(allowed, "enabled_repositories"),
        # Left out where Actions are switched off for every repository.
        "allowed_actions": allowed.get("allowed_actions"),
        "patterns": by_call.get("selected-actions", {}).get("patterns_allowed") or [],
        "default_workflow_permissions": value(workflow, "default_workflow_permissions"),
        "can_approve_pull_request_reviews": value(workflow, "can_approve_pull_request_reviews"),
    }


KINDS = (
    FactKind("github.org", "Organisation settings", collect_organization, organization_rows, (ADMINISTRATION,)),
    FactKind("github.members", "Members and owners", collect_members, member_rows, (MEMBERS,)),
    FactKind("github.actions_permissions", "Actions permissions", collect_actions, action_rows, (ADMINISTRATION,)),
)
