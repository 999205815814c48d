"""The commits on a default branch: how each change got there, and the one that took no such way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sample.github.changes import Change
from sample.github.defects import pushed
from sample.github.repositories import Repository, sha_of
from sample.github.world import GitHubWorld


@dataclass(frozen=True)
class Commit:
    """A commit on main; `change` is the one it belongs to, None where it was pushed directly."""

    sha: str
    author: str
    at: datetime
    message: str
    parents: tuple[str, ...]
    change: Change | None = None


def commits(world: GitHubWorld, repository: Repository) -> list[Commit]:
    """Newest first, as `git log` would show them. Most changes are squashed; some repositories keep branch commits."""
    root = sha_of(f"root {repository.full_name}")
    found = [Commit(root, world.owners[0], world.clock.at(repository.created_day), "Initial commit", ())]
    for change in world.closed_changes(repository):
        if change.merged_at is None:
            continue
        if "merge" in repository.marks:
            found += [
                Commit(sha, change.author, change.created_at + timedelta(minutes=n), change.title, (root,), change)
                for n, sha in enumerate(change.commits)
            ]
        parents = (sha_of(f"base {change.key}"), *(change.commits[-1:] if "merge" in repository.marks else ()))
        title = f"{change.title} (#{change.number})"
        found.append(Commit(change.merge_commit, change.author, change.merged_at, title, parents, change))
    name, sha = pushed(world.clock)
    if repository.name == name and world.on("direct-push"):
        at = world.clock.at(93) - timedelta(hours=5)
        found.append(Commit(sha, world.owners[1], at, "Emergency: route around the failing acquirer", (root,)))
    return sorted(found, key=lambda commit: commit.at, reverse=True)
