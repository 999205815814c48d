"""Checks of the organisation's own settings."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.base import Facts, Finding, Outcome, Severity, check, known, required
from evidence.checks.github.reading import verdict


def _org(facts: Facts) -> str:
    return f"org:{required(facts.one('github.org'), 'login')}"


@check(
    "github.org.2fa_required", title="Two-factor authentication is required and every member has it",
    resource="org", severity=Severity.CRITICAL, criteria="CC6.1", annex_a="A.8.5 A.8.4",
    facts=("github.org", "github.members"),
    why="A password alone, guessed or leaked, would open the source code and everything that deploys from it.",
    remedy="Require two-factor authentication under Settings, Authentication security; members without it are removed.",
)
def two_factor(facts: Facts) -> Iterator[Finding]:
    def requirement() -> str | None:
        on = required(facts.one("github.org"), "two_factor_requirement_enabled")
        return None if on else "two-factor authentication is not required"

    def members() -> str | None:
        without = sorted(required(m, "login") for m in facts.rows("github.members") if not required(m, "two_factor"))
        return f"without a second factor: {', '.join(without)}" if without else None

    yield verdict(_org(facts), (requirement, members), "required, and every member has it")


@check(
    "github.org.default_permission", title="Members have no more than read access by default",
    resource="org", severity=Severity.MEDIUM, criteria="CC6.3", annex_a="A.8.4 A.5.15", facts="github.org",
    why="A default of write or admin gives every member every repository, whatever the teams say.",
    remedy="Set the base permission to Read or No permission under Settings, Member privileges.",
)
def default_permission(facts: Facts) -> Iterator[Finding]:
    given = required(facts.one("github.org"), "default_repository_permission")
    outcome = Outcome.PASS if given in ("none", "read") else Outcome.FAIL
    yield Finding(_org(facts), outcome, f"base permission is {given}")


@check(
    "github.org.repo_creation", title="Members cannot make repositories public or delete them",
    resource="org", severity=Severity.MEDIUM, criteria="CC6.1 C1.1", annex_a="A.8.4 A.8.12", facts="github.org",
    why="One click could publish confidential code, or remove it for good.",
    remedy="Under Settings, Member privileges, switch off public repository creation, visibility changes and deletion.",
)
def repository_creation(facts: Facts) -> Iterator[Finding]:
    org = facts.one("github.org")

    def may(setting: str, what: str) -> str | None:
        return f"members may {what}" if required(org, setting) else None

    yield verdict(
        _org(facts),
        (
            lambda: may("members_can_create_public_repositories", "create public repositories"),
            lambda: may("members_can_delete_repositories", "delete repositories"),
            lambda: may("members_can_change_repo_visibility", "change a repository's visibility"),
        ),
        "owners alone create public repositories, delete and publish",
    )


@check(
    "github.org.sso", title="Members sign in through SAML single sign-on",
    resource="org", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.16",
    facts=("github.org", "github.credential_authorizations"),
    why="Without single sign-on an account here outlives the account in the identity provider.",
    remedy="Enable SAML single sign-on under Settings, Authentication security (GitHub Enterprise Cloud).",
)
def single_sign_on(facts: Facts) -> Iterator[Finding]:
    # A list without one entry is not proof of the contrary: it raises, and the outcome is unknown.
    through = {required(row, "login") for row in facts.rows("github.credential_authorizations")}
    yield Finding(_org(facts), Outcome.PASS, f"{len(through)} members hold credentials that passed single sign-on")


@check(
    "github.actions.permissions", title="Actions are limited to chosen ones, and their token reads only",
    resource="org", severity=Severity.MEDIUM, criteria="CC8.1 CC6.8", annex_a="A.8.25 A.8.9",
    facts="github.actions_permissions",
    why="An action is somebody else's code with our credentials; one with a writing token can change what is deployed.",
    remedy="Under Settings, Actions, General allow selected actions, and set workflow permissions to read.",
)
def actions(facts: Facts) -> Iterator[Finding]:
    row = facts.one("github.actions_permissions")

    def allowed() -> str | None:
        if required(row, "enabled_repositories") == "none":
            return None
        if "*" in (row.get("patterns") or ()) or required(row, "allowed_actions") == "all":
            return "any action may run"
        return None

    def token() -> str | None:
        given = required(row, "default_workflow_permissions")
        return None if given == "read" else f"a workflow's token may {given} by default"

    def approval() -> str | None:
        may = known(row, "can_approve_pull_request_reviews")
        return "workflows may approve pull requests" if may else None

    resource = f"org:{required(row, 'organization')}"
    yield verdict(resource, (allowed, token, approval), "selected actions only, with a reading token")
