"""Access by others than members: outside collaborators, apps, personal tokens, single sign-on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evidence.checks.base import Row, unknown
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.github.organization import ADMINISTRATION, MEMBERS
from evidence.collectors.github.reading import failed, items, value
from evidence.collectors.github.session import GitHub

METADATA = "Repository metadata: read"
OUTSIDE = {"affiliation": "outside"}
TOKENS = "Organization personal access tokens: read"


def collect_outside(session: GitHub, context: Context) -> Iterator[Page]:
    """Outside collaborators of the organisation and, where there are any, of each repository."""
    path = f"/orgs/{session.organization}/outside_collaborators"
    anyone = False
    for page in session.pages(path):
        anyone = anyone or bool(page.body)
        yield page
    for repository in session.repositories(context) if anyone else ():
        path = f"/repos/{repository['full_name']}/collaborators"
        found = session.attempt(session.all, path, OUTSIDE)
        yield Page(f"GET {path}", {**OUTSIDE, "repository": repository["full_name"]}, found)


def outside_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per outside collaborator, with the repositories they reach and their role in each."""
    listed = [p for p in pages if p.call.endswith("/outside_collaborators")]
    each = [p for p in pages if "repository" in p.parameters]
    reason = next((r for p in each if (r := failed(p.body)) is not None), None)
    for person in items(listed):
        reach = {
            p.parameters["repository"]: row.get("role_name")
            for p in each for row in items([p] if failed(p.body) is None else [])
            if row.get("login") == person.get("login")
        }  # fmt: skip
        yield {"login": value(person, "login"), "repositories": unknown(reason) if reason else reach}


def collect_apps(session: GitHub, context: Context) -> Iterator[Page]:
    """GET /orgs/{org}/installations."""
    yield from session.pages(f"/orgs/{session.organization}/installations", rows="installations")


def app_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per installed GitHub App with the rights it was given."""
    for app in items(pages, "installations"):
        yield {
            "id": value(app, "id"), "slug": value(app, "app_slug"), "permissions": value(app, "permissions"),
            "repository_selection": value(app, "repository_selection"),
            "suspended": app.get("suspended_at") is not None,
        }


def collect_tokens(session: GitHub, context: Context) -> Iterator[Page]:
    """Grants of fine-grained personal access tokens; GitHub shows them to a GitHub App only."""
    yield from session.pages(f"/orgs/{session.organization}/personal-access-tokens")


def token_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per grant: owner, name, when granted, when it expires (None: never)."""
    for grant in items(pages):
        yield {
            "id": value(grant, "id"), "owner": value(grant, "owner.login"), "name": value(grant, "token_name"),
            "granted_at": value(grant, "access_granted_at"), "expired": value(grant, "token_expired"),
            "expires_at": value(grant, "token_expires_at"), "last_used_at": grant.get("token_last_used_at"),
        }


def collect_authorizations(session: GitHub, context: Context) -> Iterator[Page]:
    """Credentials that members authorised for single sign-on (Enterprise Cloud)."""
    yield from session.pages(f"/orgs/{session.organization}/credential-authorizations")


def authorization_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per credential that passed single sign-on. The last characters of tokens are not taken over."""
    for found in items(pages):
        yield {
            "organization": pages[0].call.split("/")[2], "login": value(found, "login"),
            "type": value(found, "credential_type"), "authorized_at": value(found, "credential_authorized_at"),
        }


KINDS = (
    FactKind(
        "github.outside_collaborators", "Outside collaborators", collect_outside, outside_rows,
        (MEMBERS, METADATA), can_be_empty=True,
    ),
    FactKind(
        "github.app_installations", "Installed GitHub Apps", collect_apps, app_rows,
        (ADMINISTRATION,), can_be_empty=True,
    ),
    FactKind(
        "github.pat_grants", "Personal access token grants", collect_tokens, token_rows, (TOKENS,), can_be_empty=True
    ),
    FactKind(
        "github.credential_authorizations", "Single sign-on authorisations", collect_authorizations,
        authorization_rows, (ADMINISTRATION,),
    ),
)  # fmt: skip
