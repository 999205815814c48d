"""Bodies of what guards a branch: classic protection, the rules in force, and the rulesets they come from."""

from __future__ import annotations

from typing import Any

from sample.github.bodies import WEB, node
from sample.github.repositories import ORGANIZATION, Repository, number_of
from sample.github.world import GitHubWorld

BASELINE = number_of("ruleset baseline", 7)  # the organisation's ruleset: review, no force push, no deletion


def checks_ruleset(repository: Repository) -> int:
    """The repository's own ruleset, which names its checks."""
    return number_of(f"ruleset {repository.full_name}", 7)


def contexts(repository: Repository) -> list[str]:
    return ["ci/pipeline"] if "statuses" in repository.marks else ["build", "test"]


def protection(world: GitHubWorld, api: str, found: Repository) -> dict[str, Any]:
    """Classic protection of the default branch, as it stands now."""
    url = f"{api}/repos/{found.full_name}/branches/main/protection"
    forced = found.name == "settlement-engine" and world.on("force-push")
    passed_by = found.name == "card-vault" and world.on("admins-bypass")
    return {
        "url": url,
        "required_status_checks": {
            "url": f"{url}/required_status_checks", "strict": True, "contexts": contexts(found),
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": [{"context": name, "app_id": None} for name in contexts(found)],
        },
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": not passed_by},
        "required_pull_request_reviews": {
            "url": f"{url}/required_pull_request_reviews", "dismiss_stale_reviews": True,
            "require_code_owner_reviews": True, "required_approving_review_count": 1,
            "require_last_push_approval": True,
        },
        "required_signatures": {"url": f"{url}/required_signatures", "enabled": False},
        **{
            name: {"enabled": enabled}
            for name, enabled in (
                ("required_linear_history", True), ("allow_force_pushes", forced), ("allow_deletions", False),
                ("block_creations", False), ("required_conversation_resolution", True), ("lock_branch", False),
                ("allow_fork_syncing", False),
            )
        },
    }  # fmt: skip


def rules(world: GitHubWorld, found: Repository) -> list[dict[str, Any]]:
    """The rules in force on the default branch; none where classic protection does the work."""
    if world.guarded(found) != "ruleset":
        return []
    baseline = {"ruleset_source_type": "Organization", "ruleset_source": ORGANIZATION, "ruleset_id": BASELINE}
    own = {
        "ruleset_source_type": "Repository", "ruleset_source": found.full_name, "ruleset_id": checks_ruleset(found)
    }  # fmt: skip
    return [*({**rule, **baseline} for rule in _baseline_rules()), {**_check_rule(found), **own}]


def _baseline_rules() -> list[dict[str, Any]]:
    review = {
        "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": True, "require_code_owner_review": True,
        "require_last_push_approval": True, "required_review_thread_resolution": True,
        "allowed_merge_methods": ["squash", "merge"],
    }  # fmt: skip
    return [{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "pull_request", "parameters": review}]


def _check_rule(found: Repository) -> dict[str, Any]:
    named = [{"context": name} for name in contexts(found)]
    return {
        "type": "required_status_checks",
        "parameters": {"required_status_checks": named, "strict_required_status_checks_policy": True},
    }


def ruleset(api: str, found: Repository, id: int) -> dict[str, Any] | None:
    """One ruleset with who may pass it by, None where the repository has no such."""
    if id not in (BASELINE, checks_ruleset(found)):
        return None
    shared = id == BASELINE
    source = f"orgs/{ORGANIZATION}" if shared else f"repos/{found.full_name}"
    return {
        "id": id, "name": "Default branches" if shared else "Checks", "target": "branch", "enforcement": "active",
        "source_type": "Organization" if shared else "Repository",
        "source": ORGANIZATION if shared else found.full_name, "node_id": node("RRS_", id), "bypass_actors": [],
        "current_user_can_bypass": "never",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": _baseline_rules() if shared else [_check_rule(found)],
        "created_at": "2023-09-04T08:00:00Z", "updated_at": "2024-02-12T08:00:00Z",
        "_links": {
            "self": {"href": f"{api}/{source}/rulesets/{id}"},
            "html": {"href": f"{WEB}/{ORGANIZATION}/settings/rules/{id}"},
        },
    }  # fmt: skip
