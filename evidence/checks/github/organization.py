"""Checks of the organisation's own settings."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, check, each, known, required
from evidence.checks.github.reading import verdict


def _org(facts: Facts) -> str:
    return f"org:{required(facts.one('github.org'), 'login')}"


@check(
    "github.org.2fa_required", title="Two-factor authentication is required",
    resource="org", severity=Severity.CRITICAL, criteria="CC6.1", annex_a="A.8.5 A.8.4", version=2,
    facts="github.org",
    why="A password alone, guessed or leaked, would open the source code and everything that deploys from it.",
    remedy="Require two-factor authentication under Settings, Authentication security; members without it are removed.",
)
def two_factor(facts: Facts) -> Iterator[Finding]:
    on = required(facts.one("github.org"), "two_factor_requirement_enabled")
    outcome = Outcome.PASS if on else Outcome.FAIL
    yield Finding(_org(facts), outcome, "required" if on else "two-factor authentication is not required")


@check(
    "github.org.members_2fa", title="Every member has two-factor authentication",
    resource="member", severity=Severity.CRITICAL, criteria="CC6.1", annex_a="A.8.5 A.8.4", facts="github.members",
    why="One account without a second factor is the one that a leaked password opens.",
    remedy="Have the member switch it on, or remove the member.",
)
def members_two_factor(facts: Facts) -> Iterator[Finding]:
    def judge(member: Row) -> tuple[bool, str]:
        has = bool(required(member, "two_factor"))
        return has, "has a second factor" if has else "has no second factor"

    yield from each(facts, "github.members", lambda m: f"member:{m.get('login')}", judge)


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
    "github.org.repo_creation", title="Members cannot create public repositories", version=2,
    resource="org", severity=Severity.MEDIUM, criteria="CC6.1 C1.1", annex_a="A.8.4 A.8.12", facts="github.org",
    why="One click could publish confidential code.",
    remedy="Under Settings, Member privileges, switch off the creation of public repositories.",
)
def repository_creation(facts: Facts) -> Iterator[Finding]:
    yield _may_not(facts, "members_can_create_public_repositories", "create public repositories")


@check(
    "github.org.repo_deletion", title="Members cannot delete repositories",
    resource="org", severity=Severity.MEDIUM, criteria="CC6.1 C1.1", annex_a="A.8.4", facts="github.org",
    why="A deleted repository takes its history with it, and with that the record of who changed what.",
    remedy="Under Settings, Member privileges, switch off deletion and transfer of repositories.",
)
def repository_deletion(facts: Facts) -> Iterator[Finding]:
    yield _may_not(facts, "members_can_delete_repositories", "delete repositories")


@check(
    "github.org.repo_visibility", title="Members cannot make repositories public",
    resource="org", severity=Severity.MEDIUM, criteria="CC6.1 C1.1", annex_a="A.8.4 A.8.12", facts="github.org",
    why="A private repository that somebody may publish is as private as its least careful administrator.",
    remedy="Under Settings, Member privileges, switch off changes of visibility.",
)
def repository_visibility(facts: Facts) -> Iterator[Finding]:
    yield _may_not(facts, "members_can_change_repo_visibility", "change a repository's visibility")


def _may_not(facts: Facts, setting: str, what: str) -> Finding:
    may = required(facts.one("github.org"), setting)
    outcome = Outcome.FAIL if may else Outcome.PASS
    return Finding(_org(facts), outcome, f"members may {what}" if may else f"owners alone {what}")


@check(
    "github.org.sso", title="SAML single sign-on is in use",
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
    "github.org.audit_log", title="The audit log is collected without a hole",
    resource="audit log", severity=Severity.MEDIUM, criteria="CC7.2", annex_a="A.8.15", facts="github.audit_log",
    why="GitHub forgets after 180 days; a period of twelve months has a log only if somebody kept it all the while.",
    remedy="Collect at least every few weeks. A stretch that GitHub no longer keeps cannot be collected later: record it as a "
    "deviation, and stream the log to a store of your own besides.",
)
def audit_log(facts: Facts) -> Iterator[Finding]:
    row = next((each for each in facts.rows("github.audit_log") if "organization" in each), {})
    resource = f"audit-log:{required(row, 'organization')}"
    holes = required(row, "holes")
    since, until = required(row, "complete_from"), required(row, "complete_to")
    if holes:
        told = ", ".join(f"{required(hole, 'from')[:10]} to {required(hole, 'to')[:10]}" for hole in holes)
        yield Finding(resource, Outcome.FAIL, f"never collected, and no longer kept by GitHub: {told}")
        return
    yield Finding(resource, Outcome.PASS, f"{required(row, 'events')} events, without a hole from {since[:10]} to {until[:10]}")


@check(
    "github.actions.permissions", title="Actions are limited to chosen ones", version=2,
    resource="org", severity=Severity.MEDIUM, criteria="CC8.1 CC6.8", annex_a="A.8.25 A.8.9",
    facts="github.actions_permissions",
    why="An action is somebody else's code with our credentials.",
    remedy="Under Settings, Actions, General allow selected actions.",
)
def actions(facts: Facts) -> Iterator[Finding]:
    row = facts.one("github.actions_permissions")
    resource = f"org:{required(row, 'organization')}"
    off = required(row, "enabled_repositories") == "none"
    wide = not off and ("*" in (row.get("patterns") or ()) or required(row, "allowed_actions") == "all")
    yield Finding(resource, Outcome.FAIL if wide else Outcome.PASS, "any action may run" if wide else "selected actions only")


@check(
    "github.actions.token", title="The token of a workflow reads only, and approves nothing",
    resource="org", severity=Severity.MEDIUM, criteria="CC8.1 CC6.8", annex_a="A.8.25 A.8.9",
    facts="github.actions_permissions",
    why="A workflow with a writing token can change what is deployed, and one that may approve can let it through.",
    remedy="Under Settings, Actions, General set workflow permissions to read, without approving pull requests.",
)
def workflow_token(facts: Facts) -> Iterator[Finding]:
    row = facts.one("github.actions_permissions")

    def token() -> str | None:
        given = required(row, "default_workflow_permissions")
        return None if given == "read" else f"a workflow's token may {given} by default"

    def approval() -> str | None:
        may = known(row, "can_approve_pull_request_reviews")
        return "workflows may approve pull requests" if may else None

    yield verdict(f"org:{required(row, 'organization')}", (token, approval), "a reading token")
