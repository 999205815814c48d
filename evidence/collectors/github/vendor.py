"""GitHub as the product knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evidence.checks.base import Reason, Row
from evidence.collectors.base import CollectionError, Context, Discovery, FactKind, Field, Page, Vendor
from evidence.collectors.github import access, alerts, audit_log, branches, changes, organization, pushes, repositories
from evidence.collectors.github.permissions import identity, test
from evidence.collectors.github.session import GitHub, faults, open_session

SETUP = """\
Fieldwork signs in **as a GitHub App** of yours, or with a personal token. An app belongs to the organisation and not to a
person, its tokens live an hour, and it alone may list personal tokens.

As a GitHub App:

1. As an owner open the organisation's **Settings, Developer settings, GitHub Apps, New GitHub App**. No webhook, no callback.
2. Give it the permissions of the lists below, each **read-only**, and choose **Only on this account**.
3. Note the app's number (**App ID**), and under **Private keys** generate a key: a file in PEM.
4. **Install App** on the organisation, for **all repositories**. The number at the end of that page's address is the
   installation.
5. Enter the three here. The key is encrypted, and only ever used to sign.

With a personal token:

1. Sign in as an owner and open **Settings, Developer settings, Personal access tokens, Fine-grained tokens**.
2. Resource owner: your organisation. Repository access: **all repositories**. Expiry: a year at most. Permissions as below.
3. Paste the token here.

- Repository permissions: Actions, Administration, Checks, Code scanning alerts, Commit statuses, Contents, Dependabot alerts,
  Metadata, Pull requests, Secret scanning alerts.
- Organization permissions: Administration, Members, Personal access tokens.

Fieldwork reads settings, names, dates, reviews and check results. It reads no code, and asks GitHub to leave leaked secrets
out of its answers. GitHub keeps its audit log for **180 days**, on Enterprise Cloud: a longer history exists only if the
connection runs all the while.
"""

FIELDS = (
    Field("organization", "Organisation", "Its login, as in github.com/acme: acme."),
    Field("app_id", "GitHub App", "Its number. Left empty, the token below is used.", required=False),
    Field("installation_id", "Installation", "The number at the end of the installation's address.", required=False),
    Field(
        "private_key", "Private key of the app", "The whole file, from -----BEGIN to -----END", secret=True,
        required=False, multiline=True,
    ),
    Field("token", "Token", "A fine-grained personal access token, where there is no app.", secret=True, required=False),
    Field(
        "base_url", "Enterprise Server address", "Only for GitHub Enterprise Server: https://github.acme.com/api/v3.",
        required=False, address=True,
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
    *pushes.KINDS, *audit_log.KINDS,
)  # fmt: skip

VENDOR = Vendor(
    id="github", title="GitHub", fields=FIELDS,
    kinds=tuple(_naming(kind) for kind in _KINDS),
    open=open_session, identity=identity, test=test, discover=discover, setup=SETUP,
    faults=faults,
)  # fmt: skip
