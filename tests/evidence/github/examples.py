"""For every check of GitHub, the facts it passes on, the facts it fails on, and the facts that say nothing."""

from __future__ import annotations

from typing import Any

from evidence.checks.base import Outcome, Reason, unknown

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
DENIED = unknown(Reason.DENIED)
Rows = dict[str, list[dict[str, Any]]]

ORG = {
    "login": "acme", "two_factor_requirement_enabled": True, "default_repository_permission": "read",
    "members_can_create_public_repositories": False, "members_can_delete_repositories": False,
    "members_can_change_repo_visibility": False,
}  # fmt: skip
MEMBER = {"login": "ana", "owner": False, "two_factor": True}
OWNERS = [{**MEMBER, "login": login, "owner": True} for login in ("ana", "bo")]
ANA = {"name": "Ana", "active": True, "end_date": None, "accounts": {"github": "Ana"}}
BO = {"name": "Bo", "active": True, "end_date": None, "accounts": {"github": "bo"}}
GONE = {**ANA, "active": False}
REPO = {
    "repository": "acme/api", "private": True, "visibility": "private", "archived": False,
    "secret_scanning": "enabled", "push_protection": "enabled",
}  # fmt: skip
SOURCE = {
    "name": "branch protection", "reviews": 1, "dismiss_stale": True, "checks": ["build"], "force_push_blocked": True,
    "deletion_blocked": True, "bypass": [],
}  # fmt: skip
BRANCH = {"repository": "acme/api", "branch": "main", "exists": True, "sources": [SOURCE], "partial": None}
CHANGE = {
    "id": "acme/api#7", "repository": "acme/api", "number": 7, "title": "Add it", "author": "ana",
    "approvals": [{"by": "bo", "current": True}], "checks": {"state": "passed", "failed": []},
}  # fmt: skip
LOG = {
    "id": "", "organization": "acme", "events": 40, "holes": [], "complete_from": "2025-01-01T00:00:00Z",
    "complete_to": "2026-06-30T00:00:00Z",
}  # fmt: skip
WHOLE = {"id": "acme/api", "repository": "acme/api", "number": None, "sha": None, "read": True}
PUSH = {"id": "acme/api@c0ffee", "repository": "acme/api", "sha": "c0ffee", "author": "ana", "message": "Fix"}
ALERT = {
    "repository": "acme/api", "number": 3, "state": "open", "severity": "critical", "title": "A hole",
    "created_at": "2026-06-29T06:00:00Z",
}  # fmt: skip
OLD = {**ALERT, "created_at": "2026-06-01T06:00:00Z"}
GUARDS = {
    "repository": "acme/api", "dependabot_alerts": True, "default_setup": "configured", "languages": ["go"],
    "analysed": False,
}  # fmt: skip
ACTIONS = {
    "organization": "acme", "enabled_repositories": "all", "allowed_actions": "selected", "patterns": ["acme/*"],
    "default_workflow_permissions": "read", "can_approve_pull_request_reviews": False,
}  # fmt: skip
APP = {"slug": "bot", "permissions": {"contents": "read"}, "suspended": False}
TOKEN = {
    "owner": "ana", "name": "notes", "expired": False, "granted_at": "2026-01-01T00:00:00Z",
    "expires_at": "2026-07-01T00:00:00Z",
}  # fmt: skip
ENVIRONMENT = {"repository": "acme/api", "environment": "production", "reviewers": 1, "branch_policy": None}
OWNED = {"repository": "acme/api", "present": True, "errors": 0}
OUT = {"org.scope": [{"external_id": "github:acme/api", "decision": "out"}]}


def _of(kind: str, row: dict[str, Any], **changed: Any) -> Rows:
    return {kind: [{**row, **changed}]}


def _org(**changed: Any) -> Rows:
    return {"github.org": [{**ORG, **changed}]}


def _branch(*sources: dict[str, Any], **changed: Any) -> Rows:
    return {"github.branch_rules": [{**BRANCH, "sources": list(sources), **changed}]}


def _people(members: list[dict[str, Any]], *workers: dict[str, Any]) -> Rows:
    return {"github.org": [ORG], "github.members": members, "org.workers": list(workers)}


def _alerts(kind: str, *alerts: dict[str, Any], **guards: Any) -> Rows:
    return {kind: list(alerts), "github.repository_security": [{**GUARDS, **guards}], "github.repositories": [REPO]}


DEPENDABOT, CODE, SECRET = "github.dependabot_alerts", "github.code_scanning", "github.secret_scanning"
CHANGES, RULES = "github.merged_pull_requests", "github.branch_rules"

EXAMPLES: dict[str, list[tuple[Outcome, Rows]]] = {
    "github.org.2fa_required": [
        (PASS, _org()), (FAIL, _org(two_factor_requirement_enabled=False)),
        (UNKNOWN, _org(two_factor_requirement_enabled=DENIED)), (UNKNOWN, _org(two_factor_requirement_enabled=None)),
    ],
    "github.org.members_2fa": [
        (PASS, {"github.members": [MEMBER]}), (FAIL, {"github.members": [MEMBER, {**MEMBER, "two_factor": False}]}),
        (UNKNOWN, {"github.members": [MEMBER, {**MEMBER, "two_factor": DENIED}]}),
    ],
    "github.org.owners": [
        (PASS, _people(OWNERS, ANA, BO)),
        (FAIL, _people(OWNERS[:1], ANA, BO)),
        (FAIL, _people([{**MEMBER, "login": f"o{n}", "owner": True} for n in range(6)], ANA)),
        (UNKNOWN, _people([{**MEMBER, "owner": DENIED}], ANA)),
    ],
    "github.org.owners_at_work": [
        (PASS, _people(OWNERS, ANA, BO)), (FAIL, _people(OWNERS, ANA)),
        (FAIL, _people(OWNERS, ANA, {**BO, "active": False, "end_date": "2026-06-20"})),
        (NOT_APPLICABLE, _people([MEMBER], ANA)), (UNKNOWN, _people([{**MEMBER, "owner": DENIED}], ANA)),
    ],
    "github.org.members_mapped": [
        (PASS, _people([MEMBER], ANA)),
        (PASS, _people([MEMBER], {**GONE, "end_date": "2026-06-29"})),  # removed by tomorrow is in time
        (FAIL, _people([MEMBER], {**GONE, "end_date": "2026-06-28"})),
        (FAIL, _people([MEMBER], GONE)),
        (FAIL, _people([MEMBER], BO)),
        (NOT_APPLICABLE, {
            **_people([MEMBER], BO), "org.scope": [{"external_id": "github:acme/ana", "service_account": True}],
        }),
        (UNKNOWN, _people([{**MEMBER, "login": None}], ANA)),
    ],
    "github.org.outside_collaborators": [
        (FAIL, {"github.outside_collaborators": [{"login": "eve", "repositories": {}}], "org.workers": [ANA]}),
        (NOT_APPLICABLE, {"github.outside_collaborators": [{"login": "ANA", "repositories": 0}], "org.workers": [ANA]}),
        (NOT_APPLICABLE, {"github.outside_collaborators": [], "org.workers": [ANA]}),
        (UNKNOWN, {"github.outside_collaborators": [{"login": "eve", "repositories": DENIED}], "org.workers": [ANA]}),
    ],
    "github.org.default_permission": [
        (PASS, _org()), (PASS, _org(default_repository_permission="none")),
        (FAIL, _org(default_repository_permission="write")), (UNKNOWN, _org(default_repository_permission=DENIED)),
    ],
    "github.org.repo_creation": [
        (PASS, _org()), (FAIL, _org(members_can_create_public_repositories=True)),
        (UNKNOWN, _org(members_can_create_public_repositories=DENIED)),
    ],
    "github.org.repo_deletion": [
        (PASS, _org()), (FAIL, _org(members_can_delete_repositories=True)), (UNKNOWN, _org(members_can_delete_repositories=DENIED)),
    ],
    "github.org.repo_visibility": [
        (PASS, _org()), (FAIL, _org(members_can_change_repo_visibility=True)),
        (UNKNOWN, _org(members_can_change_repo_visibility=DENIED)),
    ],
    "github.org.sso": [
        (PASS, {**_org(), "github.credential_authorizations": [{"login": "ana"}]}),
        (UNKNOWN, {**_org(), "github.credential_authorizations": []}),
    ],
    "github.org.audit_log": [
        (PASS, {"github.audit_log": [LOG]}),
        (FAIL, {"github.audit_log": [{**LOG, "holes": [{"from": "2025-06-01T00:00:00Z", "to": "2025-07-01T00:00:00Z"}]}]}),
        (UNKNOWN, {"github.audit_log": [{**LOG, "complete_to": None}]}),
        (UNKNOWN, {"github.audit_log": []}),
    ],
    "github.org.apps_review": [
        (PASS, _of("github.app_installations", APP)),
        (FAIL, _of("github.app_installations", APP, permissions={"administration": "write"})),
        (PASS, _of("github.app_installations", APP, permissions={"administration": "read"})),
        (NOT_APPLICABLE, _of("github.app_installations", APP, permissions={"members": "write"}, suspended=True)),
        (UNKNOWN, _of("github.app_installations", APP, permissions=None)),
    ],
    "github.org.pat_policy": [
        (PASS, _of("github.pat_grants", TOKEN)),
        (FAIL, _of("github.pat_grants", TOKEN, expires_at=None)),
        (FAIL, _of("github.pat_grants", TOKEN, expires_at="2027-06-01T00:00:00Z")),
        (NOT_APPLICABLE, _of("github.pat_grants", TOKEN, expired=True)),
        (UNKNOWN, _of("github.pat_grants", TOKEN, granted_at=None)),
    ],
    "github.repo.private": [
        (PASS, _of("github.repositories", REPO)),
        (FAIL, _of("github.repositories", REPO, private=False, visibility="public")),
        (NOT_APPLICABLE, {**_of("github.repositories", REPO, private=False), **OUT}),
        (NOT_APPLICABLE, {
            **_of("github.repositories", REPO, private=False),
            "org.scope": [{"external_id": "github:acme/api", "decision": "in", "data_classes": ["public"]}],
        }),
        (UNKNOWN, _of("github.repositories", REPO, private=None)),
    ],
    "github.repo.scope_decided": [
        (PASS, {**_of("github.repositories", REPO), **OUT}),
        (FAIL, _of("github.repositories", REPO)),
        (FAIL, {
            **_of("github.repositories", REPO),
            "org.scope": [{"external_id": "github:acme/api", "decision": "undecided"}],
        }),
        (NOT_APPLICABLE, _of("github.repositories", REPO, archived=True)),
        (UNKNOWN, _of("github.repositories", REPO, repository=DENIED)),
    ],
    "github.repo.protection": [
        (PASS, _branch(SOURCE)), (FAIL, _branch()), (NOT_APPLICABLE, _branch(exists=False)),
        (FAIL, _branch({**SOURCE, "reviews": 0, "checks": [], "force_push_blocked": False})),
        (UNKNOWN, _branch(partial="denied")), (UNKNOWN, {RULES: [{**BRANCH, "sources": DENIED}]}),
        (PASS, _branch(SOURCE, partial="denied")), (NOT_APPLICABLE, {**_branch(), **OUT}),
    ],
    "github.repo.required_reviews": [
        (PASS, _branch(SOURCE)), (NOT_APPLICABLE, _branch(exists=False)), (FAIL, _branch({**SOURCE, "reviews": 0})),
        (FAIL, _branch()), (UNKNOWN, _branch({**SOURCE, "reviews": 0}, partial="not_licensed")),
    ],
    "github.repo.dismiss_stale": [
        (PASS, _branch(SOURCE)), (FAIL, _branch({**SOURCE, "dismiss_stale": False})), (FAIL, _branch()),
        (PASS, _branch({**SOURCE, "dismiss_stale": False}, {**SOURCE, "reviews": 0})),  # two sources add up
        (UNKNOWN, _branch({**SOURCE, "dismiss_stale": DENIED})), (NOT_APPLICABLE, _branch(exists=False)),
    ],
    "github.repo.status_checks": [
        (PASS, _branch(SOURCE)), (NOT_APPLICABLE, _branch(exists=False)), (FAIL, _branch({**SOURCE, "checks": []})), (FAIL, _branch()),
        (UNKNOWN, _branch({**SOURCE, "checks": []}, partial="denied")),
    ],
    "github.repo.admins_enforced": [
        (PASS, _branch(SOURCE)), (FAIL, _branch({**SOURCE, "bypass": ["repository administrators"]})),
        (NOT_APPLICABLE, _branch(exists=False)),
        (FAIL, _branch()), (PASS, _branch({**SOURCE, "bypass": ["User 7"]}, {**SOURCE, "name": "ruleset 2"})),
        (FAIL, _branch({**SOURCE, "bypass": ["User 7"]}, {**SOURCE, "reviews": 0})),
        (UNKNOWN, _branch({**SOURCE, "bypass": DENIED})),
    ],
    "github.repo.no_force_push": [
        (PASS, _branch(SOURCE)), (FAIL, _branch({**SOURCE, "force_push_blocked": False})),
        (FAIL, _branch()), (UNKNOWN, _branch({**SOURCE, "force_push_blocked": DENIED})),
        (NOT_APPLICABLE, _branch(exists=False)),
    ],
    "github.repo.no_deletion": [
        (PASS, _branch(SOURCE)), (FAIL, _branch({**SOURCE, "deletion_blocked": False})), (FAIL, _branch()),
        (UNKNOWN, _branch({**SOURCE, "deletion_blocked": DENIED})), (NOT_APPLICABLE, _branch(exists=False)),
    ],
    "github.repo.codeowners": [
        (PASS, _of("github.codeowners_errors", OWNED)), (FAIL, _of("github.codeowners_errors", OWNED, errors=2)),
        (FAIL, _of("github.codeowners_errors", OWNED, present=False)),
        (UNKNOWN, _of("github.codeowners_errors", OWNED, present=DENIED, errors=DENIED)),
        (NOT_APPLICABLE, {**_of("github.codeowners_errors", OWNED, present=False), **OUT}),
    ],
    "github.env.prod_reviewers": [
        (PASS, _of("github.environments", ENVIRONMENT)),
        (PASS, _of("github.environments", ENVIRONMENT, reviewers=0, branch_policy={"protected_branches": True})),
        (FAIL, _of("github.environments", ENVIRONMENT, reviewers=0)),
        (NOT_APPLICABLE, _of("github.environments", ENVIRONMENT, environment="staging", reviewers=0)),
        (UNKNOWN, _of("github.environments", ENVIRONMENT, environment=DENIED)),
    ],
    "github.pr.approved_by_other": [
        (PASS, {CHANGES: [CHANGE, WHOLE]}), (FAIL, {CHANGES: [{**CHANGE, "approvals": []}, WHOLE]}),
        (FAIL, {CHANGES: [{**CHANGE, "approvals": [{"by": "bo", "current": False}]}, WHOLE]}),
        (UNKNOWN, {CHANGES: [{**CHANGE, "approvals": DENIED}, WHOLE]}),
        (UNKNOWN, {CHANGES: [{**CHANGE, "approvals": [{"by": "ghost", "current": DENIED}]}]}),
        (UNKNOWN, {CHANGES: [{**CHANGE, "author": DENIED}]}),
        (UNKNOWN, {CHANGES: [CHANGE, {**WHOLE, "read": DENIED}]}),
        (PASS, {CHANGES: [{**CHANGE, "approvals": []}, CHANGE]}),  # collected again: the newest counts
        (NOT_APPLICABLE, {CHANGES: [WHOLE]}), (NOT_APPLICABLE, {CHANGES: [{**CHANGE, "approvals": []}], **OUT}),
        (UNKNOWN, {CHANGES: []}),
    ],
    "github.pr.ci_passed": [
        (PASS, {CHANGES: [CHANGE]}), (NOT_APPLICABLE, {CHANGES: [CHANGE], **OUT}),
        (FAIL, {CHANGES: [{**CHANGE, "checks": {"state": "failed", "failed": ["test"]}}]}),
        (FAIL, {CHANGES: [{**CHANGE, "checks": {"state": "none", "failed": []}}]}),
        (UNKNOWN, {CHANGES: [{**CHANGE, "checks": {"state": "pending", "failed": []}}]}),
        (UNKNOWN, {CHANGES: [{**CHANGE, "checks": DENIED}]}),
    ],
    "github.commits.direct_push": [
        (FAIL, {"github.direct_pushes": [{**PUSH, "pull": None}, WHOLE]}),
        (NOT_APPLICABLE, {"github.direct_pushes": [{**PUSH, "pull": 9}, WHOLE]}),
        (NOT_APPLICABLE, {"github.direct_pushes": [WHOLE]}),
        (UNKNOWN, {"github.direct_pushes": [{**PUSH, "pull": DENIED}, WHOLE]}),
    ],
    "github.dependabot.sla": [
        (PASS, _alerts(DEPENDABOT, ALERT)), (NOT_APPLICABLE, _alerts(DEPENDABOT)), (FAIL, _alerts(DEPENDABOT, OLD)),
        (PASS, _alerts(DEPENDABOT, {**OLD, "severity": "medium"})),
        (UNKNOWN, _alerts(DEPENDABOT, {**ALERT, "created_at": None})),
    ],
    "github.dependabot.enabled": [
        (PASS, _alerts(DEPENDABOT)), (FAIL, _alerts(DEPENDABOT, dependabot_alerts=False)),
        (UNKNOWN, _alerts(DEPENDABOT, dependabot_alerts=DENIED)),
        (NOT_APPLICABLE, {**_alerts(DEPENDABOT, dependabot_alerts=False), **OUT}),
    ],
    "github.code_scanning.enabled_sla": [
        (PASS, _alerts(CODE)), (FAIL, _alerts(CODE, default_setup="not-configured")),
        (PASS, _alerts(CODE, default_setup="not-configured", analysed=True)),
        (NOT_APPLICABLE, _alerts(CODE, default_setup="not-configured", languages=[])),
        (UNKNOWN, _alerts(CODE, default_setup=unknown(Reason.NOT_LICENSED))),
    ],
    "github.code_scanning.alerts": [
        (PASS, _alerts(CODE, ALERT)), (FAIL, _alerts(CODE, OLD)), (NOT_APPLICABLE, _alerts(CODE, {**OLD, "severity": None})),
        (UNKNOWN, _alerts(CODE, {**ALERT, "created_at": None})),
    ],
    "github.secret_scanning": [
        (PASS, {"github.repositories": [REPO]}), (FAIL, {"github.repositories": [{**REPO, "secret_scanning": "disabled"}]}),
        (UNKNOWN, {"github.repositories": [{**REPO, "secret_scanning": DENIED}]}),
        (NOT_APPLICABLE, {"github.repositories": [{**REPO, "secret_scanning": "disabled"}], **OUT}),
    ],
    "github.secret_scanning.push_protection": [
        (PASS, {"github.repositories": [REPO]}), (FAIL, {"github.repositories": [{**REPO, "push_protection": "disabled"}]}),
        (UNKNOWN, {"github.repositories": [{**REPO, "push_protection": DENIED}]}),
        (NOT_APPLICABLE, {"github.repositories": [{**REPO, "archived": True}]}),
    ],
    "github.secret_scanning.alerts": [
        (PASS, _alerts(SECRET, ALERT)), (FAIL, _alerts(SECRET, OLD)), (UNKNOWN, _alerts(SECRET, {**ALERT, "state": None})),
        (NOT_APPLICABLE, {SECRET: [OLD], **OUT}),
    ],
    "github.actions.permissions": [
        (PASS, _of("github.actions_permissions", ACTIONS)),
        (FAIL, _of("github.actions_permissions", ACTIONS, allowed_actions="all")),
        (FAIL, _of("github.actions_permissions", ACTIONS, patterns=["*"])),
        (PASS, _of("github.actions_permissions", ACTIONS, enabled_repositories="none", allowed_actions=None)),
        (UNKNOWN, _of("github.actions_permissions", ACTIONS, allowed_actions=None)),
    ],
    "github.actions.token": [
        (PASS, _of("github.actions_permissions", ACTIONS)),
        (FAIL, _of("github.actions_permissions", ACTIONS, default_workflow_permissions="write")),
        (FAIL, _of("github.actions_permissions", ACTIONS, can_approve_pull_request_reviews=True)),
        (UNKNOWN, _of("github.actions_permissions", ACTIONS, default_workflow_permissions=None)),
    ],
}  # fmt: skip
