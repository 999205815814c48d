"""The table of contents: which path is answered by what. The paths are written as GitHub's description writes them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sample.github import organization_routes as org
from sample.github import repository_routes as repo
from sample.github.request import Answer, Request

Handler = Callable[[Request], Answer]

ROUTES: dict[str, Handler] = {
    "/user": org.whoami,
    "/app/installations/{id}": org.installation,
    "/orgs/{org}": org.organization,
    "/orgs/{org}/members": org.members,
    "/orgs/{org}/outside_collaborators": org.outside_collaborators,
    "/orgs/{org}/repos": org.repositories,
    "/orgs/{org}/installations": org.installations,
    "/orgs/{org}/personal-access-tokens": org.tokens,
    "/orgs/{org}/credential-authorizations": org.authorizations,
    "/orgs/{org}/audit-log": org.audit_log,
    "/orgs/{org}/actions/permissions": org.actions,
    "/orgs/{org}/actions/permissions/selected-actions": org.selected_actions,
    "/orgs/{org}/actions/permissions/workflow": org.workflow,
    "/orgs/{org}/dependabot/alerts": org.dependabot,
    "/orgs/{org}/code-scanning/alerts": org.code_scanning,
    "/orgs/{org}/secret-scanning/alerts": org.secret_scanning,
    "/repos/{owner}/{repo}/branches/{branch}/protection": repo.protection,
    "/repos/{owner}/{repo}/rules/branches/{branch}": repo.rules,
    "/repos/{owner}/{repo}/rulesets/{id}": repo.ruleset,
    "/repos/{owner}/{repo}/vulnerability-alerts": repo.vulnerability_alerts,
    "/repos/{owner}/{repo}/code-scanning/default-setup": repo.default_setup,
    "/repos/{owner}/{repo}/code-scanning/analyses": repo.analyses,
    "/repos/{owner}/{repo}/codeowners/errors": repo.codeowners,
    "/repos/{owner}/{repo}/environments": repo.environments,
    "/repos/{owner}/{repo}/collaborators": repo.collaborators,
    "/repos/{owner}/{repo}/pulls": repo.pulls,
    "/repos/{owner}/{repo}/pulls/{number}": repo.pull,
    "/repos/{owner}/{repo}/pulls/{number}/reviews": repo.reviews,
    "/repos/{owner}/{repo}/commits": repo.commits,
    "/repos/{owner}/{repo}/commits/{ref}": repo.commit,
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": repo.check_runs,
    "/repos/{owner}/{repo}/commits/{ref}/status": repo.status,
    "/repos/{owner}/{repo}/commits/{ref}/pulls": repo.commit_pulls,
}

_DIGITS = ("id", "number")
_COMPILED = [
    (
        re.compile(re.sub(r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>{r'[0-9]+' if m[1] in _DIGITS else '[^/]+'})", path)),
        handler,
    )
    for path, handler in ROUTES.items()
]


def find(path: str) -> tuple[Handler, dict[str, str]] | None:
    """The handler of a path and what the path names, None where there is no such path."""
    for pattern, handler in _COMPILED:
        found = pattern.fullmatch(path)
        if found:
            return handler, found.groupdict()
    return None
