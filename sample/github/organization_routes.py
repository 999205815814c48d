"""Answers about the organisation."""

from __future__ import annotations

from typing import Any

from sample.github import access_bodies, alert_bodies, audit_events, bodies
from sample.github.alerts import Alert
from sample.github.repositories import Repository
from sample.github.request import NOT_FOUND, Answer, Listing, Refusal, Request

OUTSIDER = "brightloop-dev"
REACHES = "merchant-portal"


def organization(request: Request) -> Answer:
    return bodies.organization(request.world, request.api)


def whoami(request: Request) -> Answer:
    return {
        **bodies.user(request.api, request.world.owners[0]), "name": None, "company": None, "blog": None,
        "location": None, "email": None, "hireable": None, "bio": None, "public_repos": 0, "public_gists": 0,
        "followers": 0, "following": 0, "created_at": "2014-02-01T10:00:00Z", "updated_at": "2024-02-01T10:00:00Z",
    }  # fmt: skip


def members(request: Request) -> Answer:
    """All, the owners, the others, or those without a second factor: of whom there are none."""
    world = request.world
    role, without = request.query.get("role", "all"), request.query.get("filter") == "2fa_disabled"
    owners = world.owners_now()
    everyone = [login for login in world.members() if role in ("all", "admin" if login in owners else "member")]
    return Listing([] if without else sorted(everyone), lambda login: bodies.user(request.api, login))


def outside_collaborators(request: Request) -> Answer:
    found = [OUTSIDER] if request.world.on("outsider") else []
    return Listing(found, lambda login: bodies.user(request.api, login))


def repositories(request: Request) -> Answer:
    def render(found: Repository) -> dict[str, Any]:
        return bodies.repository(request.world, request.api, found)

    return Listing(request.world.repositories(), render)


def installations(request: Request) -> Answer:
    return Listing(access_bodies.installations(request.world, request.api), key="installations")


def installation(request: Request) -> Answer:
    """What the app that signs in is told of its own installation."""
    if request.world.app is None or request.named["id"] != str(request.world.app.number):
        raise Refusal(NOT_FOUND, "Integration not found")
    return access_bodies.own_installation(request.world, request.api)


def audit_log(request: Request) -> Answer:
    found = audit_events.asked_for(request.world, request.query.get("phrase", ""), request.query.get("order", "desc"))
    return Listing(found, by_cursor=True)


def tokens(request: Request) -> Answer:
    return Listing(access_bodies.grants(request.world, request.api))


def authorizations(request: Request) -> Answer:
    return Listing(access_bodies.authorizations(request.world))


def actions(request: Request) -> Answer:
    url, every = f"{request.api}/orgs/{request.named['org']}/actions/permissions", request.world.on("any-action")
    chosen = {} if every else {"selected_actions_url": f"{url}/selected-actions"}
    return {"enabled_repositories": "all", "allowed_actions": "all" if every else "selected", **chosen}


def selected_actions(request: Request) -> Answer:
    return {"github_owned_allowed": True, "verified_allowed": False, "patterns_allowed": ["halyard-payments/*"]}


def workflow(request: Request) -> Answer:
    return {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}


def _alerts(request: Request, scanner: str, render: Any) -> Answer:
    world, wanted = request.world, request.query.get("state")
    states = wanted.split(",") if wanted else None
    found = [a for a in world.alerts_of(scanner) if states is None or a.state(world.now) in states]

    def body(alert: Alert) -> dict[str, Any]:
        told: dict[str, Any] = render(world, request.api, alert)
        return told

    return Listing(found, body, by_cursor=scanner == "dependabot")


def dependabot(request: Request) -> Answer:
    return _alerts(request, "dependabot", alert_bodies.dependabot)


def code_scanning(request: Request) -> Answer:
    return _alerts(request, "code", alert_bodies.code)


def secret_scanning(request: Request) -> Answer:
    return _alerts(request, "secret", alert_bodies.secret)
