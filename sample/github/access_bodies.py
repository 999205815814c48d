"""Bodies of access by apps, tokens and single sign-on, and of deployment environments."""

from __future__ import annotations

from typing import Any

from sample.github.bodies import WEB, iso, node, owner, user
from sample.github.repositories import ORGANIZATION, Repository, number_of, sha_of
from sample.github.world import GitHubWorld

_READ = {"metadata": "read", "contents": "read", "checks": "write", "pull_requests": "write"}
_APPS = {
    "build-runner": _READ, "dependency-updates": {**_READ, "contents": "write", "workflows": "write"},
    "fieldwork-evidence": {"metadata": "read", "administration": "read", "members": "read", "checks": "read"},
}  # fmt: skip


def installations(world: GitHubWorld, api: str) -> list[dict[str, Any]]:
    """The installed apps; one too strong while that is planted."""
    strong = {"deploy-bot-pro": {**_READ, "administration": "write"}} if world.on("strong-app") else {}
    return [_installation(world, api, slug, held) for slug, held in {**_APPS, **strong}.items()]


def own_installation(world: GitHubWorld, api: str) -> dict[str, Any]:
    """The installation of the app that signs in."""
    app = world.app
    found = {**_installation(world, api, "fieldwork-evidence", app.permissions), "id": app.number, "app_id": app.id}
    account = {**found["account"], "login": app.account}
    return {**found, "account": account, "repository_selection": app.selection}


def _installation(world: GitHubWorld, api: str, slug: str, held: dict[str, str]) -> dict[str, Any]:
    id, account = number_of(f"app {slug}", 7), owner(api)
    return {
        "id": id, "account": account, "repository_selection": "all", "app_id": id + 1, "app_slug": slug,
        "access_tokens_url": f"{api}/app/installations/{id}/access_tokens",
        "repositories_url": f"{api}/installation/repositories", "target_id": account["id"],
        "html_url": f"{WEB}/organizations/{ORGANIZATION}/settings/installations/{id}",
        "target_type": "Organization", "permissions": held, "events": ["push"], "single_file_name": None,
        "created_at": iso(world.clock.at(-200)), "updated_at": iso(world.clock.at(-90)), "suspended_by": None,
        "suspended_at": None,
    }  # fmt: skip


def grants(world: GitHubWorld, api: str) -> list[dict[str, Any]]:
    """Fine-grained tokens that reach the organisation; one without an end while that is planted."""
    found = [
        _grant(world, api, login, "release notes", -40 + 9 * n, 180) for n, login in enumerate(world.owners[1:5])
    ]
    if world.on("endless-token"):
        found.append(_grant(world, api, world.owners[0], "local scripts", 114, None))
    return found


def _grant(world: GitHubWorld, api: str, login: str, name: str, day: int, lives: int | None) -> dict[str, Any]:
    ends = world.clock.at(day + lives) if lives else None
    id = number_of(f"{login} {name}", 6)
    return {
        "id": id, "owner": user(api, login), "repository_selection": "subset",
        "repositories_url": f"{api}/organizations/{ORGANIZATION}/personal-access-tokens/{id}/repositories",
        "permissions": {"repository": {"metadata": "read", "contents": "read"}}, "token_id": id + 5,
        "access_granted_at": iso(world.clock.at(day)), "token_name": name,
        "token_expired": ends is not None and ends <= world.now, "token_expires_at": iso(ends) if ends else None,
        "token_last_used_at": None,
    }  # fmt: skip


def authorizations(world: GitHubWorld) -> list[dict[str, Any]]:
    """One SSH key of each member, authorised for single sign-on."""
    return [
        {
            "login": login, "credential_id": number_of(f"key {login}", 7), "credential_type": "SSH key",
            "credential_authorized_at": iso(world.clock.at(-30)), "fingerprint": sha_of(login)[:32],
            "credential_accessed_at": None, "authorized_credential_id": number_of(f"own {login}", 7),
            "authorized_credential_title": "laptop",
        }
        for login in world.members()
    ]  # fmt: skip


def environments(world: GitHubWorld, api: str, found: Repository) -> list[dict[str, Any]]:
    """Staging and production, where the repository deploys."""
    if "deploys" not in found.marks:
        return []
    return [_environment(world, api, found, name) for name in ("staging", "production")]


def _environment(world: GitHubWorld, api: str, found: Repository, name: str) -> dict[str, Any]:
    id = number_of(f"{found.full_name} {name}")
    anybody = found.name == "backoffice" and world.on("open-production")
    guarded = name == "production" and not anybody
    at = iso(world.clock.at(found.created_day))
    reviewers = [{"type": "User", "reviewer": user(api, login)} for login in world.owners[:2]]
    rule = {
        "id": id + 1, "node_id": node("GA_", id + 1), "type": "required_reviewers", "prevent_self_review": True,
        "reviewers": reviewers,
    }  # fmt: skip
    return {
        "id": id, "node_id": node("EN_", id), "name": name, "created_at": at, "updated_at": at,
        "url": f"{api}/repos/{found.full_name}/environments/{name}",
        "html_url": f"{WEB}/{found.full_name}/deployments/activity_log?environments_filter={name}",
        "protection_rules": [rule] if guarded else [],
        "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False} if guarded else None,
    }  # fmt: skip
