"""Answers about one repository."""

from __future__ import annotations

from typing import Any

from sample.github import access_bodies, bodies, history, pull_bodies, rule_bodies
from sample.github.changes import Change
from sample.github.organization_routes import OUTSIDER, REACHES
from sample.github.repositories import Repository
from sample.github.request import NOT_FOUND, Answer, Listing, Refusal, Request

_UNSCANNED = ("YAML", "HCL", "Markdown", "PHP")
_NAMED = {"TypeScript": "javascript-typescript", "Java": "java-kotlin", "Kotlin": "java-kotlin"}


def protection(request: Request) -> Answer:
    found = request.repository()
    if request.world.guarded(found) != "classic":
        raise Refusal(NOT_FOUND, "Branch not protected")
    return rule_bodies.protection(request.world, request.api, found)


def rules(request: Request) -> Answer:
    return Listing(rule_bodies.rules(request.world, request.repository()))


def ruleset(request: Request) -> Answer:
    body = rule_bodies.ruleset(request.api, request.repository(), int(request.named["id"]))
    if body is None:
        raise Refusal(NOT_FOUND, "Not Found")
    return body


def vulnerability_alerts(request: Request) -> Answer:
    if request.active_repository().guard == "none":
        raise Refusal(NOT_FOUND, "Vulnerability alerts are disabled.")
    return None


def default_setup(request: Request) -> Answer:
    found = request.active_repository()
    scanned = found.language not in _UNSCANNED
    return {
        "state": "configured" if scanned and found.guard != "none" else "not-configured",
        "languages": [_NAMED.get(found.language, found.language.lower())] if scanned else [],
        "query_suite": "default", "updated_at": bodies.iso(request.world.clock.at(-100)), "schedule": "weekly",
    }  # fmt: skip


def analyses(request: Request) -> Answer:
    request.active_repository()
    raise Refusal(NOT_FOUND, "no analysis found")


def codeowners(request: Request) -> Answer:
    found = request.repository()
    if found.guard == "none" or (found.name == "pricing-service" and request.world.on("no-codeowners")):
        raise Refusal(NOT_FOUND, "Not Found")
    return {"errors": []}


def environments(request: Request) -> Answer:
    return Listing(access_bodies.environments(request.world, request.api, request.repository()), key="environments")


def collaborators(request: Request) -> Answer:
    found, world = request.repository(), request.world
    outside = [(OUTSIDER, "write")] if found.name == REACHES and world.on("outsider") else []
    inside = [] if request.query.get("affiliation") == "outside" else [(o, "admin") for o in world.owners_now()]
    rights = {"pull": True, "triage": True, "push": True, "maintain": False, "admin": False}

    def render(who: tuple[str, str]) -> dict[str, Any]:
        return {**bodies.user(request.api, who[0]), "permissions": rights, "role_name": who[1]}

    return Listing([*inside, *outside], render)


def pulls(request: Request) -> Answer:
    """Closed ones: nothing is left open overnight. Sorted and filtered as asked."""
    query, world = request.query, request.world
    for name, allowed in (("state", ("open", "closed", "all")), ("direction", ("asc", "desc"))):
        if query.get(name, allowed[0]) not in allowed:
            raise Refusal("422 Unprocessable Entity", f"Invalid value for {name}")
    found = world.closed_changes(request.repository())
    if query.get("state", "open") == "open" or query.get("base", "main") != "main":
        found = []
    by_update = query.get("sort") == "updated"
    ordered = sorted(
        found, key=lambda c: c.updated_at(world.now) if by_update else c.created_at,
        reverse=query.get("direction", "desc") == "desc",
    )  # fmt: skip
    return Listing(ordered, lambda change: pull_bodies.pull(world, request.api, change))


def _change(request: Request) -> Change:
    number = int(request.named["number"])
    for change in request.world.closed_changes(request.repository()):
        if change.number == number:
            return change
    raise Refusal(NOT_FOUND, "Not Found")


def pull(request: Request) -> Answer:
    return pull_bodies.pull(request.world, request.api, _change(request), full=True)


def reviews(request: Request) -> Answer:
    change = _change(request)
    found = [] if change.merged_at is None else change.reviews(request.world.flawed(change))
    return Listing([pull_bodies.review(request.api, change, review, n) for n, review in enumerate(found)])


def _by_ref(request: Request) -> tuple[Repository, str, Change | None]:
    """The commit that a ref names: a commit id, or the branch's newest."""
    found, ref = request.repository(), request.named["ref"]
    changes = [c for c in request.world.closed_changes(found) if c.merged_at]
    if ref == "main":
        return found, changes[-1].head if changes else ref, changes[-1] if changes else None
    return found, ref, next((c for c in changes if ref in (c.head, c.merge_commit)), None)


def check_runs(request: Request) -> Answer:
    _, _, change = _by_ref(request)
    runs = pull_bodies.check_runs(request.world, request.api, change) if change else []
    return Listing(runs, key="check_runs")


def status(request: Request) -> Answer:
    found, sha, change = _by_ref(request)
    return pull_bodies.status(request.world, request.api, found, sha, change)


def commits(request: Request) -> Answer:
    found, since = request.repository(), request.query.get("since", "")
    log = [c for c in history.commits(request.world, found) if bodies.iso(c.at) >= since]

    def render(c: history.Commit) -> dict[str, Any]:
        return pull_bodies.commit(request.api, found, c.sha, c.author, c.at, c.message, c.parents)

    return Listing(log, render)


def _commit(request: Request) -> history.Commit:
    for found in history.commits(request.world, request.repository()):
        if found.sha == request.named["ref"]:
            return found
    raise Refusal("422 Unprocessable Entity", f"No commit found for SHA: {request.named['ref']}")


def commit(request: Request) -> Answer:
    c = _commit(request)
    return pull_bodies.commit(request.api, request.repository(), c.sha, c.author, c.at, c.message, c.parents)


def commit_pulls(request: Request) -> Answer:
    change = _commit(request).change
    return Listing([pull_bodies.pull(request.world, request.api, change)] if change else [])
