"""Repositories: what they are, what guards them, who owns their code, where they deploy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Context, FactKind, Json, Page
from evidence.collectors.github.reading import failed, refused_with, value
from evidence.collectors.github.session import GitHub

METADATA = "Repository metadata: read"
ADMINISTRATION = "Repository administration: read"
CODE_SCANNING = "Repository code scanning alerts: read"
CONTENTS = "Repository contents: read"
ACTIONS = "Repository actions: read"


def collect_repositories(session: GitHub, context: Context) -> Iterator[Page]:
    """GET /orgs/{org}/repos."""
    yield from session.repository_pages(context)


def repository_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per repository. Settings for security are shown to administrators only, so their absence is a denial."""
    for page in pages:
        for found in page.body:
            security = "security_and_analysis"
            yield {
                "repository": value(found, "full_name"), "name": found.get("name"),
                "private": value(found, "private"), "visibility": found.get("visibility"),
                "archived": bool(found.get("archived")), "default_branch": found.get("default_branch"),
                "pushed_at": found.get("pushed_at"), "admin": (found.get("permissions") or {}).get("admin"),
                "secret_scanning": value(found, f"{security}.secret_scanning.status", absent=Reason.DENIED),
                "push_protection": value(
                    found, f"{security}.secret_scanning_push_protection.status", absent=Reason.DENIED
                ),
            }  # fmt: skip


def per_repository(session: GitHub, context: Context, what: str, fetch: Any) -> Iterator[Page]:
    """A page per active repository: {"repository", <what>: the answer untouched, or its error}."""
    for repository in session.repositories(context):
        name = repository["full_name"]
        found = fetch(session, repository)
        yield Page(f"GET /repos/{name}/{what}", {"repository": name}, {"repository": name, **found})


def _security(session: GitHub, repository: Mapping[str, Any]) -> dict[str, Json]:
    path = f"/repos/{repository['full_name']}"
    alerts = session.attempt(lambda: {"status": session.get(f"{path}/vulnerability-alerts").status})
    setup = session.attempt(session.body, f"{path}/code-scanning/default-setup")
    admin = (repository.get("permissions") or {}).get("admin")
    found: dict[str, Json] = {"vulnerability_alerts": alerts, "default_setup": setup, "admin": admin}
    if failed(setup) is None and setup.get("state") != "configured":
        # Scanning may run from a workflow of their own; one analysis is proof enough.
        found["analyses"] = session.attempt(
            lambda: session.get(f"{path}/code-scanning/analyses", {"per_page": 1}, allow=(404,)).body
        )
    return found


def security_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per repository: whether Dependabot alerts and code scanning are on, and languages it could scan."""
    for page in pages:
        alerts, setup = page.body["vulnerability_alerts"], page.body["default_setup"]
        analyses = page.body.get("analyses")
        reason = failed(analyses)
        # 404 is "disabled" and "no right to see"; GitHub's words tell them apart, or the right to administer does.
        off = refused_with(alerts, 404, "disabled") or (refused_with(alerts, 404) and page.body["admin"] is True)
        status = value(alerts, "status")
        yield {
            "repository": page.body["repository"],
            "dependabot_alerts": False if off else status == 204 if isinstance(status, int) else status,
            "default_setup": value(setup, "state"), "languages": value(setup, "languages"),
            "analysed": unknown(reason) if reason else isinstance(analyses, list) and len(analyses) > 0,
        }  # fmt: skip


def _codeowners(session: GitHub, repository: Mapping[str, Any]) -> dict[str, Json]:
    path = f"/repos/{repository['full_name']}/codeowners/errors"
    return {"codeowners": session.attempt(session.body, path)}


def codeowner_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per repository: whether it has a CODEOWNERS file, and how many of its lines are wrong.

    GitHub answers 404 where there is no such file; the repository itself was just listed.
    """
    for page in pages:
        answer = page.body["codeowners"]
        absent = refused_with(answer, 404)
        errors = value(answer, "errors")
        count = len(errors) if isinstance(errors, list) else errors if errors is not None else unknown(Reason.MALFORMED)
        yield {
            "repository": page.body["repository"], "errors": 0 if absent else count,
            "present": unknown(reason) if (reason := failed(answer)) and not absent else not absent,
        }  # fmt: skip


def _environments(session: GitHub, repository: Mapping[str, Any]) -> dict[str, Json]:
    path = f"/repos/{repository['full_name']}/environments"
    return {"environments": session.attempt(session.all, path, rows="environments")}


def environment_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per deployment environment with what stands before it; one unknown row where they could not be read."""
    for page in pages:
        found = page.body["environments"]
        if failed(found) is not None:
            yield {"repository": page.body["repository"], "environment": value(found, "name")}
            continue
        for environment in found:
            rules = environment.get("protection_rules") or []
            reviewers = [r for rule in rules for r in rule.get("reviewers") or []]
            yield {
                "repository": page.body["repository"], "environment": value(environment, "name"),
                "reviewers": len(reviewers), "branch_policy": value(environment, "deployment_branch_policy"),
            }  # fmt: skip


KINDS = (
    FactKind("github.repositories", "Repositories", collect_repositories, repository_rows, (METADATA,)),
    FactKind(
        "github.repository_security", "Security features of repositories",
        lambda session, context: per_repository(session, context, "vulnerability-alerts", _security),
        security_rows, (METADATA, ADMINISTRATION, CODE_SCANNING),
    ),
    FactKind(
        "github.codeowners_errors", "Code owners",
        lambda session, context: per_repository(session, context, "codeowners/errors", _codeowners),
        codeowner_rows, (METADATA, CONTENTS),
    ),
    FactKind(
        "github.environments", "Deployment environments",
        lambda session, context: per_repository(session, context, "environments", _environments),
        environment_rows, (METADATA, ACTIONS), can_be_empty=True,
    ),
)  # fmt: skip
