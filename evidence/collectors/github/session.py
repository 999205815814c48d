"""An opened GitHub: one organisation, one credential, and the lists that several kinds share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context, Json, Page
from evidence.collectors.client import Answer, Params, VendorClient, listed
from evidence.collectors.github.app import App
from evidence.collectors.github.app import faults as app_faults

API = "https://api.github.com"
# GitHub's own media type first; its description knows plain JSON only, and servers before 3.0 too.
ACCEPT = "application/vnd.github+json, application/json;q=0.9"
API_VERSION = "2022-11-28"
PAGE = 100
TIMEOUT = 30.0  # seconds per step of an answer
_OUTAGE = 3
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class GitHub:
    """The session that collectors call. `organization` is the login, as it stands in every path."""

    def __init__(self, client: VendorClient, organization: str, app: App | None = None) -> None:
        self.client = client
        self.organization = organization
        self.app = app
        self._unreachable = 0

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
        if self.app is not None:
            self.app.close()

    def get(self, path: str, params: Params | None = None, *, allow: tuple[int, ...] = (), once: bool = False) -> Answer:
        """One answer. `once`: it is not asked for again, so it is not worth keeping to be asked about."""
        return self.client.get(path, params, allow=allow, once=once)

    def body(self, path: str, params: Params | None = None, *, once: bool = False) -> Json:
        """The body of one answer, which must be an object."""
        answer = self.get(path, params, once=once)
        if not isinstance(answer.body, dict):
            raise CollectionError(Reason.MALFORMED, "expected an object", call=answer.call)
        return answer.body

    def pages(
        self, path: str, params: Params | None = None, *, rows: str | None = None, once: bool = False
    ) -> Iterator[Page]:
        """Every page of a list, a hundred rows each."""
        yield from self.client.pages(path, {"per_page": PAGE, **(params or {})}, rows=rows, once=once)

    def all(
        self, path: str, params: Params | None = None, *, rows: str | None = None, once: bool = False
    ) -> list[dict[str, Any]]:
        """Every row of a list, for a sub-call that is kept inside its resource's page."""
        pages = self.pages(path, params, rows=rows, once=once)
        return [row for page in pages for row in listed(page.body, rows, page.call)]

    def attempt(self, fetch: Callable[..., Json], *given: Any, **named: Any) -> Json:
        """A sub-call's answer, or its failure kept as {"error": …} where it concerns this resource alone."""
        try:
            answer = fetch(*given, **named)
        except CollectionError as error:
            return self.kept(error)
        self._unreachable = 0
        return answer

    def kept(self, error: CollectionError) -> dict[str, Json]:
        """A failure as its resource's page keeps it.

        Raises it where the next resource would fare no better: the credential is refused, the limit is reached,
        or the vendor has not answered three times in a row.
        """
        self._unreachable = self._unreachable + 1 if error.reason is Reason.UNREACHABLE else 0
        if error.status == 401 or error.reason is Reason.RATE_LIMITED or self._unreachable >= _OUTAGE:
            raise error
        return {
            "error": {
                "reason": error.reason.value, "status": error.status, "message": error.message, "call": error.call
            }
        }

    def repository_pages(self, context: Context) -> list[Page]:
        """The organisation's repositories, listed once in a run; a failure is remembered too."""
        key = "github.repositories"
        if key not in context.memo:
            try:
                context.memo[key] = list(self.pages(f"/orgs/{self.organization}/repos", {"type": "all"}))
            except CollectionError as error:
                context.memo[key] = error
        if isinstance(context.memo[key], CollectionError):
            raise context.memo[key]
        found: list[Page] = context.memo[key]
        return found

    def repositories(self, context: Context, *, archived: bool = False) -> list[dict[str, Any]]:
        """Repositories by name, archived ones only where asked. One without a name makes the list malformed."""
        found = [row for page in self.repository_pages(context) for row in page.body]
        if not all(isinstance(row.get("full_name"), str) for row in found):
            raise CollectionError(Reason.MALFORMED, "a repository without a name", call="GET /orgs/…/repos")
        return sorted((r for r in found if archived or not r.get("archived")), key=lambda r: r["full_name"])


def branch_of(repository: dict[str, Any]) -> str:
    """The default branch; GitHub's own default where the list leaves it out."""
    return str(repository.get("default_branch") or "main")


def faults(config: Mapping[str, Any], secret: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a connection's fields, by field: it signs in with a token or as an app."""
    if config.get("app_id"):
        return app_faults(config, secret)
    return {} if secret.get("token") else {"token": "Enter a token, or the number, installation and key of a GitHub App."}


def open_session(context: Context) -> GitHub:
    """Open GitHub for a connection, as an app where it names one, else with its token. The organisation is read from the
    form, with or without a URL around it."""
    organization = str(context.config.get("organization") or "").strip().rstrip("/").rsplit("/", 1)[-1].lstrip("@")
    token = str(context.secret.get("token") or "").strip()
    as_app = bool(context.config.get("app_id"))
    if not organization or not (token or as_app):
        raise CollectionError(
            Reason.DENIED, "organisation or token is missing", remedy="Fill in both on the connection's page."
        )
    if not _LOGIN.fullmatch(organization):
        raise CollectionError(
            Reason.DENIED, f"{organization} is not an organisation's login",
            remedy="Give the login as it stands in the address of the organisation on GitHub.",
        )
    base_url = context.endpoint or str(context.config.get("base_url") or "").strip() or API
    headers = {"Accept": ACCEPT, "X-GitHub-Api-Version": API_VERSION, "User-Agent": "fieldwork"}
    if not as_app:
        signed = {**headers, "Authorization": f"Bearer {token}"}
        return GitHub(
            VendorClient(base_url=base_url, headers=signed, context=context, timeout=TIMEOUT, conditional=True), organization
        )
    return _as_app(context, base_url, headers, organization)


def _as_app(context: Context, base_url: str, headers: Mapping[str, str], organization: str) -> GitHub:
    """The first token is had at once, so that a key that is refused is said once and not of every kind."""
    app = App(context, base_url, headers, TIMEOUT)
    try:
        app.credential.headers()
    except CollectionError:
        app.close()
        raise
    client = VendorClient(
        base_url=base_url, headers=headers, context=context, timeout=TIMEOUT, credential=app.credential,
        conditional=True,
    )
    return GitHub(client, organization, app)
