"""What "test connection" tries: one probe per permission, so that the answer names the one that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context, PermissionResult
from evidence.collectors.github import access, alerts, audit_log, changes, granted, organization, repositories
from evidence.collectors.github.session import GitHub, branch_of, open_session

ONE = {"per_page": 1}
_GRANT = "In the token's settings on GitHub set {permission}, then have an owner approve the change."


def identity(session: GitHub, context: Context) -> str:
    """As whom we are signed in: the token's owner, or the installation of an app (which has no user)."""
    if session.app is not None:
        return f"GitHub App {session.app.id}, installation {session.app.number} on {session.organization}"
    answer = session.get("/user", allow=(403,))
    if answer.status == 200 and isinstance(answer.body, dict):
        expires = answer.headers.get("github-authentication-token-expiration")
        return f"{answer.body.get('login')}" + (f", token expires {expires}" if expires else "")
    return f"GitHub App installed on {session.organization}"


def test(context: Context) -> list[PermissionResult]:
    """Try every permission once. Raises nothing: what cannot be tried is not allowed, with the reason."""
    try:
        session = open_session(context)
    except CollectionError as error:
        return [PermissionResult("Connection", False, error.message, error.remedy)]
    try:
        installed = granted.of(session)
        session.body(f"/orgs/{session.organization}")
        first = session.repositories(context)
    except CollectionError as error:
        return [PermissionResult("Connection", False, error.message, error.remedy)]
    else:
        probes = [*_organization_probes(session), *_repository_probes(session, first[0] if first else None)]
        tried = [installed.lacks(permission) or _result(permission, probe) for permission, probe in probes]
        return [*installed.results, *tried]
    finally:
        session.close()


Probe = tuple[str, Callable[[], object]]


def _organization_probes(session: GitHub) -> Iterator[Probe]:
    org = f"/orgs/{session.organization}"
    yield organization.MEMBERS, lambda: session.get(f"{org}/members", {"filter": "2fa_disabled", **ONE})
    yield organization.ADMINISTRATION, lambda: session.get(f"{org}/actions/permissions")
    yield audit_log.AUDIT_LOG, lambda: session.get(f"{org}/audit-log", ONE)
    yield access.TOKENS, lambda: session.get(f"{org}/personal-access-tokens", ONE)
    yield alerts.DEPENDABOT, lambda: session.get(f"{org}/dependabot/alerts", ONE)
    yield alerts.CODE_SCANNING, lambda: session.get(f"{org}/code-scanning/alerts", ONE)
    yield alerts.SECRET_SCANNING, lambda: session.get(f"{org}/secret-scanning/alerts", {**ONE, "hide_secret": "true"})


def _repository_probes(session: GitHub, first: dict[str, object] | None) -> Iterator[Probe]:
    """Probes on one repository, which stands for all: a token is granted per kind of right, not per repository."""
    yield repositories.METADATA, lambda: first or _none()
    if first is None:
        return
    repo, branch = f"/repos/{first['full_name']}", quote(branch_of(first), safe="")
    yield repositories.ADMINISTRATION, lambda: _protection(session, f"{repo}/branches/{branch}/protection", first)
    yield repositories.CONTENTS, lambda: session.get(f"{repo}/commits", ONE, allow=(409,))
    yield repositories.ACTIONS, lambda: session.get(f"{repo}/environments", ONE)
    yield changes.PULLS, lambda: session.get(f"{repo}/pulls", ONE)
    yield changes.CHECKS, lambda: session.get(f"{repo}/commits/{branch}/check-runs", ONE)
    yield changes.STATUSES, lambda: session.get(f"{repo}/commits/{branch}/status", ONE)


def _none() -> object:
    raise CollectionError(Reason.EMPTY, "no repository is visible", remedy="Give the token access to all repositories.")


def _protection(session: GitHub, path: str, repository: dict[str, object]) -> object:
    """Whether protection may be read. A 404 means so only if it says that the branch is not protected."""
    answer = session.get(path, allow=(404,))
    message = str((answer.body or {}).get("message", "")).lower()
    rights = repository.get("permissions")
    administers = isinstance(rights, dict) and rights.get("admin") is True
    if answer.status == 404 and not administers and message not in ("branch not protected", "branch not found"):
        raise CollectionError(Reason.DENIED, "404: may not be read", status=404)
    return answer


def _result(permission: str, probe: Callable[[], object]) -> PermissionResult:
    try:
        probe()
    except CollectionError as error:
        denied = error.reason is Reason.DENIED and error.status != 401
        remedy = _GRANT.format(permission=f"“{permission}”") if denied else error.remedy
        return PermissionResult(permission, False, error.message, remedy)
    return PermissionResult(permission, True, "Allowed.")
