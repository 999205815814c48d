"""Bodies of changes: pull requests, reviews, checks, statuses, commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sample.github.bodies import WEB, iso, node, repository, user
from sample.github.changes import Change, Review
from sample.github.repositories import ORGANIZATION, Repository, number_of, sha_of
from sample.github.world import GitHubWorld

_BUILD = ("build", "test")


def pull(world: GitHubWorld, api: str, change: Change, *, full: bool = False) -> dict[str, Any]:
    """A pull request, as lists show it; `full` adds what only the single one tells."""
    url, web = f"{api}/repos/{change.repository.full_name}", f"{WEB}/{change.repository.full_name}"
    mine, issue = f"{url}/pulls/{change.number}", f"{url}/issues/{change.number}"
    id, home = number_of(change.key), repository(world, api, change.repository)
    hrefs = {
        "self": mine, "html": f"{web}/pull/{change.number}", "issue": issue, "comments": f"{issue}/comments",
        "review_comments": f"{mine}/comments", "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{mine}/commits", "statuses": f"{url}/statuses/{change.head}",
    }  # fmt: skip
    author = user(api, change.author)
    body = {
        "id": id, "node_id": node("PR_", id), "number": change.number, "state": "closed", "locked": False,
        "title": change.title, "user": author, "body": None, "labels": [], "milestone": None, "assignee": None,
        "assignees": [], "requested_reviewers": [], "requested_teams": [], "draft": False, "auto_merge": None,
        "active_lock_reason": None, "author_association": "NONE" if change.from_bot else "MEMBER",
        "created_at": iso(change.created_at), "updated_at": iso(change.updated_at(world.now)),
        "closed_at": iso(change.closed_at), "merged_at": iso(change.merged_at) if change.merged_at else None,
        "merge_commit_sha": change.merge_commit if change.merged_at else None, "url": mine, "html_url": hrefs["html"],
        "diff_url": f"{hrefs['html']}.diff", "patch_url": f"{hrefs['html']}.patch", "issue_url": issue,
        "commits_url": hrefs["commits"], "review_comments_url": hrefs["review_comments"],
        "review_comment_url": hrefs["review_comment"], "comments_url": hrefs["comments"],
        "statuses_url": hrefs["statuses"], "_links": {name: {"href": href} for name, href in hrefs.items()},
        "head": {
            "label": f"{ORGANIZATION}:change-{change.number}", "ref": f"change-{change.number}", "sha": change.head,
            "user": author, "repo": home,
        },
        "base": {
            "label": f"{ORGANIZATION}:main", "ref": "main", "sha": sha_of(f"base {change.key}"),
            "user": home["owner"], "repo": home,
        },
    }  # fmt: skip
    return {**body, **_only_single(api, change)} if full else body


def _only_single(api: str, change: Change) -> dict[str, Any]:
    merged = change.merged_at is not None
    return {
        "merged": merged, "merged_by": user(api, change.merged_by) if merged else None, "mergeable": None,
        "mergeable_state": "unknown", "rebaseable": None, "comments": 0, "review_comments": 0,
        "maintainer_can_modify": False, "commits": len(change.commits), "additions": 40, "deletions": 12,
        "changed_files": 3,
    }  # fmt: skip


def review(api: str, change: Change, found: Review, index: int) -> dict[str, Any]:
    url, id = f"{api}/repos/{change.repository.full_name}/pulls/{change.number}", number_of(f"{change.key} {index}")
    web = f"{WEB}/{change.repository.full_name}/pull/{change.number}#pullrequestreview-{id}"
    return {
        "id": id, "node_id": node("PRR_", id), "user": user(api, found.by), "body": "", "state": found.state,
        "html_url": web, "pull_request_url": url, "submitted_at": iso(found.at), "commit_id": found.commit,
        "author_association": "NONE" if found.bot else "MEMBER",
        "_links": {"html": {"href": web}, "pull_request": {"href": url}},
    }  # fmt: skip


def check_runs(world: GitHubWorld, api: str, change: Change) -> list[dict[str, Any]]:
    """The checks of the merged commit; a repository that reports statuses has none."""
    if "statuses" in change.repository.marks:
        return []
    red = change.flaw == "red" and world.flawed(change)
    done = change.approved_at - timedelta(minutes=65)
    return [
        _check_run(api, change, name, "failure" if red and name == "test" else "success", done) for name in _BUILD
    ]


def _check_run(api: str, change: Change, name: str, conclusion: str, done: datetime) -> dict[str, Any]:
    url, id = f"{api}/repos/{change.repository.full_name}", number_of(f"{change.key} {name}")
    mine, web = f"{url}/check-runs/{id}", f"{WEB}/{change.repository.full_name}/runs/{id}"
    return {
        "id": id, "node_id": node("CR_", id), "head_sha": change.head, "external_id": "", "url": mine,
        "html_url": web, "details_url": web, "status": "completed", "conclusion": conclusion, "name": name,
        "started_at": iso(done - timedelta(minutes=6)), "completed_at": iso(done), "check_suite": {"id": id + 1},
        "output": {
            "title": None, "summary": None, "text": None, "annotations_count": 0,
            "annotations_url": f"{mine}/annotations",
        },
        "app": None, "pull_requests": [],
    }  # fmt: skip


def status(world: GitHubWorld, api: str, found: Repository, sha: str, change: Change | None) -> dict[str, Any]:
    """The combined status of a commit: pending, with nothing in it, where nobody reports statuses."""
    url = f"{api}/repos/{found.full_name}"
    told = [_status(url, change)] if change and "statuses" in found.marks else []
    if told and change and change.flaw == "red" and world.flawed(change):
        told[0]["state"] = "failure"
    return {
        "state": told[0]["state"] if told else "pending", "statuses": told, "sha": sha, "total_count": len(told),
        "repository": repository(world, api, found), "commit_url": f"{url}/commits/{sha}",
        "url": f"{url}/commits/{sha}/status",
    }  # fmt: skip


def _status(url: str, change: Change) -> dict[str, Any]:
    id, at = number_of(f"{change.key} status"), iso(change.approved_at - timedelta(minutes=65))
    return {
        "id": id, "node_id": node("SC_", id), "state": "success", "context": "ci/pipeline", "required": True,
        "description": "The pipeline passed", "target_url": None, "avatar_url": None,
        "url": f"{url}/statuses/{change.head}", "created_at": at, "updated_at": at,
    }  # fmt: skip


def commit(
    api: str, found: Repository, sha: str, author: str, at: datetime, message: str, parents: tuple[str, ...]
) -> dict[str, Any]:
    url, web = f"{api}/repos/{found.full_name}", f"{WEB}/{found.full_name}"
    written = {"name": author, "email": f"{author.strip('[]')}@halyard.example", "date": iso(at)}
    tree = sha_of(f"tree {sha}")
    return {
        "url": f"{url}/commits/{sha}", "sha": sha, "node_id": node("C_", number_of(sha)),
        "html_url": f"{web}/commit/{sha}", "comments_url": f"{url}/commits/{sha}/comments",
        "commit": {
            "url": f"{url}/git/commits/{sha}", "author": written, "committer": written, "message": message,
            "comment_count": 0, "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
        },
        "author": user(api, author), "committer": user(api, "web-flow"),
        "parents": [{"sha": p, "url": f"{url}/commits/{p}", "html_url": f"{web}/commit/{p}"} for p in parents],
    }  # fmt: skip
