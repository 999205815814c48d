"""Bodies as GitHub shapes them: users, repositories, the organisation. Tests hold them against its description."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from sample.github.repositories import ORGANIZATION, Repository, number_of
from sample.github.world import GitHubWorld

WEB = "https://github.com"
_USER_URLS = (
    "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "orgs",
    "repos", "events{/privacy}", "received_events",
)  # fmt: skip
_USER_KEYS = (
    "followers_url", "following_url", "gists_url", "starred_url", "subscriptions_url", "organizations_url",
    "repos_url", "events_url", "received_events_url",
)  # fmt: skip
_REPO_URLS = {
    "archive_url": "{archive_format}{/ref}", "assignees_url": "assignees{/user}", "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}", "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}", "commits_url": "commits{/sha}", "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}", "contributors_url": "contributors", "deployments_url": "deployments",
    "downloads_url": "downloads", "events_url": "events", "forks_url": "forks", "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}", "git_tags_url": "git/tags{/sha}", "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}", "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}", "keys_url": "keys{/key_id}", "labels_url": "labels{/name}",
    "languages_url": "languages", "merges_url": "merges", "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}", "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}", "stargazers_url": "stargazers", "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers", "subscription_url": "subscription", "tags_url": "tags", "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}  # fmt: skip


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def node(kind: str, id: int) -> str:
    return kind + base64.b64encode(str(id).encode()).decode().rstrip("=")


def user(api: str, login: str) -> dict[str, Any]:
    """A simple user; an app's login ends in [bot]."""
    id, bot = number_of(f"user {login}", 8), login.endswith("[bot]")
    url = f"{api}/users/{login}"
    return {
        "login": login, "id": id, "node_id": node("U_", id), "avatar_url": f"https://avatars.example/u/{id}",
        "gravatar_id": "", "url": url, "html_url": f"{WEB}/{login}", "type": "Bot" if bot else "User",
        "site_admin": False, "user_view_type": "public",
        **{key: f"{url}/{tail}" for key, tail in zip(_USER_KEYS, _USER_URLS, strict=True)},
    }  # fmt: skip


def owner(api: str) -> dict[str, Any]:
    return {**user(api, ORGANIZATION), "type": "Organization"}


def repository(world: GitHubWorld, api: str, found: Repository) -> dict[str, Any]:
    """A repository, with what an administrator of it sees."""
    url, web, private = f"{api}/repos/{found.full_name}", f"{WEB}/{found.full_name}", world.private(found)
    pushed = max((c.closed_at for c in world.closed_changes(found)), default=world.clock.at(-3))
    on = {"status": "enabled"}
    return {
        "id": found.id, "node_id": node("R_", found.id), "name": found.name, "full_name": found.full_name,
        "owner": owner(api), "private": private, "visibility": "private" if private else "public", "html_url": web,
        "description": found.reason or None, "fork": False, "url": url,
        **{key: f"{url}/{tail}" for key, tail in _REPO_URLS.items()},
        "clone_url": f"{web}.git", "git_url": f"git://github.com/{found.full_name}.git", "svn_url": web,
        "ssh_url": f"git@github.com:{found.full_name}.git", "mirror_url": None, "homepage": None,
        "language": found.language, "default_branch": "main", "archived": "archived" in found.marks, "disabled": False,
        "has_issues": True, "has_projects": True, "has_wiki": False, "has_pages": False, "has_downloads": True,
        "has_discussions": False, "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0,
        "watchers_count": 0, "open_issues": 0, "open_issues_count": 0, "size": 4096, "license": None, "topics": [],
        "created_at": iso(world.clock.at(found.created_day)), "updated_at": iso(pushed), "pushed_at": iso(pushed),
        "permissions": {"admin": True, "maintain": True, "push": True, "triage": True, "pull": True},
        "security_and_analysis": {"secret_scanning": on, "secret_scanning_push_protection": on},
    }  # fmt: skip


def organization(world: GitHubWorld, api: str) -> dict[str, Any]:
    """The organisation with the settings that an owner sees."""
    url, id = f"{api}/orgs/{ORGANIZATION}", number_of(ORGANIZATION, 8)
    public = sum(not world.private(r) for r in world.repositories())
    return {
        "login": ORGANIZATION, "id": id, "node_id": node("O_", id), "url": url, "repos_url": f"{url}/repos",
        "events_url": f"{url}/events", "hooks_url": f"{url}/hooks", "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}", "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"https://avatars.example/u/{id}", "description": "Payments for merchants",
        "name": "Halyard Payments", "has_organization_projects": True, "has_repository_projects": True,
        "public_repos": public, "public_gists": 0, "followers": 0, "following": 0, "type": "Organization",
        "html_url": f"{WEB}/{ORGANIZATION}", "created_at": "2017-03-01T09:00:00Z",
        "updated_at": "2024-11-05T10:00:00Z", "archived_at": None,
        "plan": {"name": "enterprise", "space": 976562499, "private_repos": 999999, "filled_seats": 48, "seats": 60},
        "two_factor_requirement_enabled": not world.on("no-2fa"), "default_repository_permission": "read",
        "members_can_create_repositories": True, "members_can_create_public_repositories": False,
        "members_can_create_private_repositories": True, "members_can_create_internal_repositories": True,
        "members_can_delete_repositories": False, "members_can_change_repo_visibility": False,
        "members_can_invite_outside_collaborators": False, "members_can_fork_private_repositories": False,
        "web_commit_signoff_required": False,
    }  # fmt: skip
