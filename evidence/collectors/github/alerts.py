"""Open alerts of the organisation: vulnerable dependencies, code scanning, leaked secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evidence.checks.base import Row
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.github.reading import items, value
from evidence.collectors.github.session import GitHub

DEPENDABOT = "Repository Dependabot alerts: read"
CODE_SCANNING = "Repository code scanning alerts: read"
SECRET_SCANNING = "Repository secret scanning alerts: read"  # noqa: S105 - a permission's name


def collect_dependabot(session: GitHub, context: Context) -> Iterator[Page]:
    """Open Dependabot alerts of every repository."""
    yield from session.pages(f"/orgs/{session.organization}/dependabot/alerts", {"state": "open"})


def dependabot_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per alert: severity as the advisory rates it, and when GitHub raised it."""
    for alert in items(pages):
        yield {
            "repository": value(alert, "repository.full_name"), "number": value(alert, "number"),
            "state": value(alert, "state"), "severity": value(alert, "security_advisory.severity"),
            "created_at": value(alert, "created_at"), "title": (alert.get("security_advisory") or {}).get("summary"),
            "advisory": (alert.get("security_advisory") or {}).get("ghsa_id"), "url": alert.get("html_url"),
        }


def collect_code_scanning(session: GitHub, context: Context) -> Iterator[Page]:
    """Open code scanning alerts of every repository."""
    yield from session.pages(f"/orgs/{session.organization}/code-scanning/alerts", {"state": "open"})


def code_scanning_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per alert. A rule without a security severity is about quality, and its `severity` is None."""
    for alert in items(pages):
        yield {
            "repository": value(alert, "repository.full_name"), "number": value(alert, "number"),
            "state": value(alert, "state"), "severity": (alert.get("rule") or {}).get("security_severity_level"),
            "created_at": value(alert, "created_at"), "title": (alert.get("rule") or {}).get("description"),
            "url": alert.get("html_url"),
        }


def collect_secret_scanning(session: GitHub, context: Context) -> Iterator[Page]:
    """Open secret scanning alerts, without the secrets: asked for so, and struck out where a server sends them."""
    path = f"/orgs/{session.organization}/secret-scanning/alerts"
    for page in session.pages(path, {"state": "open", "hide_secret": "true"}):
        for alert in page.body:
            alert.pop("secret", None)
        yield page


def secret_scanning_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per alert: what kind of secret, and since when it lies open. Never the secret."""
    for alert in items(pages):
        yield {
            "repository": value(alert, "repository.full_name"), "number": value(alert, "number"),
            "state": value(alert, "state"), "created_at": value(alert, "created_at"),
            "title": alert.get("secret_type_display_name") or alert.get("secret_type"), "url": alert.get("html_url"),
        }


KINDS = (
    FactKind(
        "github.dependabot_alerts", "Dependabot alerts", collect_dependabot, dependabot_rows,
        (DEPENDABOT,), can_be_empty=True,
    ),
    FactKind(
        "github.code_scanning", "Code scanning alerts", collect_code_scanning, code_scanning_rows,
        (CODE_SCANNING,), can_be_empty=True,
    ),
    FactKind(
        "github.secret_scanning", "Secret scanning alerts", collect_secret_scanning, secret_scanning_rows,
        (SECRET_SCANNING,), can_be_empty=True,
    ),
)  # fmt: skip
