"""What GitHub says that an app's installation holds, against what collecting needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, PermissionResult
from evidence.collectors.github import access, alerts, audit_log, changes, organization, repositories
from evidence.collectors.github.session import GitHub

#: By our name of a permission, GitHub's own in an installation's `permissions`.
NAMES = {
    repositories.METADATA: "metadata", repositories.ADMINISTRATION: "administration", repositories.CONTENTS: "contents",
    repositories.ACTIONS: "actions", changes.PULLS: "pull_requests", changes.CHECKS: "checks",
    changes.STATUSES: "statuses", alerts.DEPENDABOT: "vulnerability_alerts", alerts.CODE_SCANNING: "security_events",
    alerts.SECRET_SCANNING: "secret_scanning_alerts", organization.MEMBERS: "members",
    organization.ADMINISTRATION: "organization_administration", access.TOKENS: "organization_personal_access_tokens",
    audit_log.AUDIT_LOG: "organization_administration",
}  # fmt: skip
_GRANT = (
    "On the app's page under Permissions & events set {permission}, then have an owner accept the request on the "
    "installation's page."
)  # fmt: skip


@dataclass(frozen=True)
class Installed:
    """`permissions` as GitHub lists them, None for a token, which GitHub does not say it of. `results` are of the whole."""

    permissions: Mapping[str, str] | None = None
    results: tuple[PermissionResult, ...] = field(default=())

    def lacks(self, permission: str) -> PermissionResult | None:
        """The result of a permission that the installation was not given; None where it has to be tried."""
        name = NAMES.get(permission)
        if self.permissions is None or name is None or self.permissions.get(name):
            return None
        said = "The installation does not hold this permission."
        return PermissionResult(permission, False, said, _GRANT.format(permission=f"“{permission}”"))


def of(session: GitHub) -> Installed:
    """What the session's installation holds; nothing is said of a token. Raises where it is another organisation's."""
    if session.app is None:
        return Installed()
    found = session.app.installation()
    account = found.get("account")
    login = str(account.get("login") or "") if isinstance(account, Mapping) else ""
    if login and login.lower() != session.organization.lower():
        raise CollectionError(
            Reason.DENIED, f"The installation is on {login}, not on {session.organization}.",
            remedy="Enter the installation of this organisation, or the organisation of this installation.",
        )  # fmt: skip
    held = found.get("permissions")
    permissions = {str(k): str(v) for k, v in held.items() if v} if isinstance(held, Mapping) else {}
    return Installed(permissions, tuple(_of_the_whole(found, permissions)))


def _of_the_whole(found: Mapping[str, object], permissions: Mapping[str, str]) -> list[PermissionResult]:
    results = []
    if found.get("repository_selection") != "all":
        results.append(PermissionResult(
            "All repositories", False, "The app is installed on chosen repositories: what stands in others is not seen.",
            "On the installation's page choose All repositories; a list of changes is complete only then.",
        ))  # fmt: skip
    more = sorted(name for name, level in permissions.items() if level in ("write", "admin"))
    if more:
        results.append(PermissionResult(
            "Nothing but reading", True, f"The app may also write: {', '.join(more)}. That is more than Fieldwork needs.",
            "Set these permissions of the app to read-only.",
        ))  # fmt: skip
    return results
