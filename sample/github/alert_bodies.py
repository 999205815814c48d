"""Bodies of alerts: vulnerable dependencies, code scanning, leaked secrets (never with a secret in them)."""

from __future__ import annotations

from typing import Any

from sample.github.alerts import Alert
from sample.github.bodies import WEB, iso, repository
from sample.github.repositories import sha_of
from sample.github.world import GitHubWorld

_SCORE = {"critical": 9.8, "high": 8.1, "medium": 5.3, "low": 3.1}


def _base(world: GitHubWorld, api: str, alert: Alert, path: str) -> dict[str, Any]:
    state = alert.state(world.now)
    closed = alert.closed_at if state != "open" else None
    return {
        "number": alert.number, "state": state, "created_at": iso(alert.created_at),
        "updated_at": iso(closed or alert.created_at),
        "url": f"{api}/repos/{alert.repository.full_name}/{path}/alerts/{alert.number}",
        "html_url": f"{WEB}/{alert.repository.full_name}/security/{path}/{alert.number}",
        "repository": repository(world, api, alert.repository),
    }  # fmt: skip


def dependabot(world: GitHubWorld, api: str, alert: Alert) -> dict[str, Any]:
    body = _base(world, api, alert, "dependabot")
    ecosystem, name, summary = alert.about
    package, ghsa = {"ecosystem": ecosystem, "name": name}, f"GHSA-{sha_of(summary)[:4]}-{sha_of(name)[:4]}-h7fq"
    hole = {
        "package": package, "severity": alert.severity, "vulnerable_version_range": "< 2.0.7",
        "first_patched_version": {"identifier": "2.0.7"},
    }  # fmt: skip
    advisory = {
        "ghsa_id": ghsa, "cve_id": None, "summary": summary, "description": f"{summary} in {name}.",
        "severity": alert.severity, "vulnerabilities": [hole], "identifiers": [{"type": "GHSA", "value": ghsa}],
        "cvss": {"score": _SCORE[alert.severity], "vector_string": None}, "cwes": [],
        "references": [{"url": f"https://github.com/advisories/{ghsa}"}], "published_at": body["created_at"],
        "updated_at": body["created_at"], "withdrawn_at": None,
    }  # fmt: skip
    return {
        **body, "security_advisory": advisory, "security_vulnerability": hole,
        "dependency": {
            "package": package, "manifest_path": "build.lock", "scope": "runtime", "relationship": "direct",
        },
        "dismissed_at": None, "dismissed_by": None, "dismissed_reason": None, "dismissed_comment": None,
        "fixed_at": body["updated_at"] if body["state"] == "fixed" else None, "auto_dismissed_at": None,
    }  # fmt: skip


def code(world: GitHubWorld, api: str, alert: Alert) -> dict[str, Any]:
    body = _base(world, api, alert, "code-scanning")
    rule, text = alert.about
    return {
        **body, "instances_url": f"{body['url']}/instances",
        "fixed_at": body["updated_at"] if body["state"] == "fixed" else None, "dismissed_by": None,
        "dismissed_at": None, "dismissed_reason": None, "dismissed_comment": None,
        "rule": {
            "id": rule, "name": rule, "severity": "error", "security_severity_level": alert.severity,
            "description": text, "tags": ["security"],
        },
        "tool": {"name": "CodeQL", "version": "2.19.3", "guid": None},
        "most_recent_instance": {
            "ref": "refs/heads/main", "analysis_key": "dynamic/github-code-scanning/codeql:analyze",
            "environment": "{}", "state": body["state"], "commit_sha": sha_of(alert.resource),
            "message": {"text": text}, "classifications": [],
            "location": {
                "path": "src/main", "start_line": 41, "end_line": 41, "start_column": 5, "end_column": 30,
            },
        },
    }  # fmt: skip


def secret(world: GitHubWorld, api: str, alert: Alert) -> dict[str, Any]:
    body = _base(world, api, alert, "secret-scanning")
    kind, name = alert.about
    closed = body["state"] == "resolved"
    return {
        **body, "locations_url": f"{body['url']}/locations", "secret_type": kind, "secret_type_display_name": name,
        "resolution": "revoked" if closed else None, "resolved_at": body["updated_at"] if closed else None,
        "resolved_by": None, "validity": "inactive" if closed else "active", "push_protection_bypassed": False,
        "push_protection_bypassed_by": None, "push_protection_bypassed_at": None, "publicly_leaked": False,
        "multi_repo": False, "resolution_comment": None,
    }  # fmt: skip
