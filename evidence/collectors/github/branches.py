"""What guards each default branch: classic branch protection and rulesets, both, as GitHub applies them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Context, FactKind, Json, Page
from evidence.collectors.github.reading import failed, refused_with, value
from evidence.collectors.github.repositories import ADMINISTRATION, METADATA
from evidence.collectors.github.session import GitHub, branch_of


def collect_rules(session: GitHub, context: Context) -> Iterator[Page]:
    """Per repository: its protection, the rules in force on its default branch, and each ruleset behind them."""
    rulesets: dict[Any, Json] = {}
    for repository in session.repositories(context):
        name, branch = repository["full_name"], branch_of(repository)
        path = f"/repos/{name}/branches/{quote(branch, safe='')}/protection"
        protection = session.attempt(session.body, path)
        rules_path = f"/repos/{name}/rules/branches/{quote(branch, safe='')}"
        rules = session.attempt(session.all, rules_path)
        ids = [] if failed(rules) else dict.fromkeys(r.get("ruleset_id") for r in rules if r.get("ruleset_id"))
        for ruleset in ids:
            if ruleset not in rulesets:  # one ruleset of the organisation stands behind many repositories
                rulesets[ruleset] = session.attempt(session.body, f"/repos/{name}/rulesets/{ruleset}")
        yield Page(f"GET {path}", {"repository": name, "branch": branch}, {
            "repository": name, "branch": branch, "admin": (repository.get("permissions") or {}).get("admin"),
            "protection": protection, "rules": rules, "rulesets": {str(id): rulesets[id] for id in ids},
        })  # fmt: skip


def rule_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per repository: `sources`, each a set of rules with who may pass it by.

    `sources` is unknown where a side could not be read and the other shows nothing; `partial` says that one side
    could not be read, so that what is missing from the other may still be there.
    """
    for page in pages:
        body = page.body
        classic, rulesets = classic_source(body), ruleset_sources(body)
        reason = classic if isinstance(classic, Reason) else rulesets if isinstance(rulesets, Reason) else None
        found = [] if classic is None or isinstance(classic, Reason) else [classic]
        found += [] if isinstance(rulesets, Reason) else rulesets
        yield {
            "repository": body["repository"], "branch": body["branch"],
            "exists": not refused_with(body["protection"], 404, "branch not found"),
            "sources": unknown(reason) if reason and not found else found,
            "partial": reason.value if reason else None,
        }  # fmt: skip


def classic_source(body: Mapping[str, Any]) -> dict[str, Any] | Reason | None:
    """Classic protection as a source, None where there is none, or the reason why nobody can say.

    GitHub answers 404 both for "not protected" and for "no right to see": its words tell them apart, and where
    they do not, the right to administer the repository does.
    """
    found = body["protection"]
    reason = failed(found)
    if reason is not None:
        spelt_out = refused_with(found, 404, "not protected") or refused_with(found, 404, "branch not found")
        return None if spelt_out or (refused_with(found, 404) and body.get("admin") is True) else reason
    if any(found.get(part, {}) is None for part in ("required_pull_request_reviews", "required_status_checks")):
        return Reason.MALFORMED  # GitHub leaves out what is not required; a null says nothing
    reviews = found.get("required_pull_request_reviews", {})
    return {
        "name": "branch protection",
        "reviews": reviews.get("required_approving_review_count", 0),
        "dismiss_stale": bool(reviews.get("dismiss_stale_reviews")),
        "checks": _contexts(found.get("required_status_checks", {})),
        "force_push_blocked": _negated(found, "allow_force_pushes.enabled"),
        "deletion_blocked": _negated(found, "allow_deletions.enabled"),
        "bypass": _classic_bypass(found, reviews),
    }


def _negated(source: Json, path: str) -> Any:
    found = value(source, path)
    return not found if isinstance(found, bool) else found if isinstance(found, Mapping) else unknown(Reason.MALFORMED)


def _contexts(checks: Mapping[str, Any]) -> list[str]:
    listed = [check.get("context") for check in checks.get("checks") or []]
    return sorted({str(name) for name in [*listed, *(checks.get("contexts") or [])] if name})


def _classic_bypass(found: Mapping[str, Any], reviews: Mapping[str, Any]) -> Any:
    """Who may pass classic protection by: administrators unless they are included, and whoever is named."""
    enforced = value(found, "enforce_admins.enabled")
    if not isinstance(enforced, bool):
        return enforced if isinstance(enforced, Mapping) else unknown(Reason.MALFORMED)
    allowed = reviews.get("bypass_pull_request_allowances") or {}
    named = [
        f"{kind[:-1]} {who.get('login') or who.get('slug') or who.get('name')}"
        for kind in ("users", "teams", "apps") for who in allowed.get(kind) or []
    ]  # fmt: skip
    return ([] if enforced else ["repository administrators"]) + named


def ruleset_sources(body: Mapping[str, Any]) -> list[dict[str, Any]] | Reason:
    """Each ruleset in force as a source. The rules listed for a branch are those of active rulesets only."""
    rules = body["rules"]
    reason = failed(rules)
    if reason is not None:
        return reason
    if not all(isinstance(rule.get("type"), str) for rule in rules):
        return Reason.MALFORMED
    by_ruleset: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        by_ruleset.setdefault(str(rule.get("ruleset_id")), []).append(rule)
    return [_ruleset(id, found, body["rulesets"].get(id)) for id, found in by_ruleset.items()]


def _ruleset(id: str, rules: Sequence[Mapping[str, Any]], detail: Json) -> dict[str, Any]:
    kinds = {rule.get("type"): rule.get("parameters") or {} for rule in rules}
    review, checks = kinds.get("pull_request", {}), kinds.get("required_status_checks", {})
    return {
        "name": f"ruleset {detail.get('name') or id}" if isinstance(detail, Mapping) else f"ruleset {id}",
        "reviews": review.get("required_approving_review_count", 0),
        "dismiss_stale": bool(review.get("dismiss_stale_reviews_on_push")),
        "checks": sorted(str(c.get("context")) for c in checks.get("required_status_checks") or []),
        "force_push_blocked": "non_fast_forward" in kinds, "deletion_blocked": "deletion" in kinds,
        "bypass": _ruleset_bypass(detail),
    }  # fmt: skip


def _ruleset_bypass(detail: Json) -> Any:
    """GitHub leaves the list out for those who may not edit the ruleset: then nobody can say."""
    found = value(detail, "bypass_actors", absent=Reason.DENIED)
    if not isinstance(found, list):
        return found if isinstance(found, Mapping) else unknown(Reason.MALFORMED)
    return [f"{actor.get('actor_type')} {actor.get('actor_id') or ''}".strip() for actor in found]


KINDS = (
    FactKind(
        "github.branch_rules", "Rules on default branches", collect_rules, rule_rows, (METADATA, ADMINISTRATION)
    ),
)  # fmt: skip
