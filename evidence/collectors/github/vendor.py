"""GitHub as the product knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evidence.checks.base import Reason, Row
from evidence.collectors.base import CollectionError, Context, Discovery, FactKind, Field, Page, Vendor
from evidence.collectors.github import access, alerts, branches, changes, organization, pushes, repositories
from evidence.collectors.github.permissions import identity, test
from evidence.collectors.github.session import GitHub, open_session

SETUP = """\
1. Sign in to GitHub as an owner of the organisation and open **Settings, Developer settings, Personal access tokens,
   Fine-grained tokens**. A GitHub App installed on the organisation works too, and alone may list personal tokens.
2. Resource owner: your organisation. Repository access: **all repositories**. Expiry: a year at most.
3. Repository permissions, each **read-only**: Actions, Administration, Checks, Code scanning alerts, Commit statuses,
   Contents, Dependabot alerts, Metadata, Pull requests, Secret scanning alerts.
4. Organization permissions, each **read-only**: Administration, Members, Personal access tokens.
5. Paste the token here. Fieldwork reads settings, names, dates, reviews and check results. It reads no code, and asks
   GitHub to leave leaked secrets out of its answers.
"""

FIELDS = (
    Field("organization", "Organisation", "Its login, as in github.com/acme: acme."),
    Field("token", "Token", "A fine-grained personal access token, or an installation's token.", secret=True),
    Field(
        "base_url", "Enterprise Server address", "Only for GitHub Enterprise Server: https://github.acme.com/api/v3.",
        required=False,
    ),
)  # fmt: skip


def discover(rows_by_kind: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    """The organisation and each repository, for the scope register."""
    found = [
        Discovery("code_host", f"github:{row['login']}", str(row["login"]), {"service": "GitHub organisation"})
        for row in rows_by_kind.get("github.org", ()) if isinstance(row.get("login"), str)
    ]  # fmt: skip
    for row in rows_by_kind.get("github.repositories", ()):
        if isinstance(row.get("repository"), str):
            detail = {key: row.get(key) for key in ("visibility", "archived", "default_branch", "pushed_at")}
            found.append(Discovery("repository", f"github:{row['repository']}", row["repository"], detail))
    return found


def _naming(kind: FactKind) -> FactKind:
    """The kind, with its permissions named in a denial: GitHub itself does not say which one is missing."""

    def collect(session: GitHub, context: Context) -> Iterator[Page]:
        try:
            yield from kind.collect(session, context)
        except CollectionError as error:
            if error.reason is Reason.DENIED and error.status in (403, 404) and not error.permission:
                error.permission = ", ".join(kind.permissions)
            raise

    return replace(kind, collect=collect)


_KINDS = (
    *organization.KINDS, *repositories.KINDS, *branches.KINDS, *access.KINDS, *alerts.KINDS, *changes.KINDS,
    *pushes.KINDS,
)  # fmt: skip

VENDOR = Vendor(
    id="github", title="GitHub", fields=FIELDS,
    kinds=tuple(_naming(kind) for kind in _KINDS),
    open=open_session, identity=identity, test=test, discover=discover, setup=SETUP,
)  # fmt: skip
