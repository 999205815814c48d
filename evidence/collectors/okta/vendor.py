"""Okta as the product knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from evidence.checks.base import Reason, Row
from evidence.checks.okta.reading import OKTA_ITSELF
from evidence.collectors.base import (
    CollectionError,
    Context,
    Discovery,
    FactKind,
    Field,
    Page,
    PermissionResult,
    Vendor,
)
from evidence.collectors.okta import applications, people, policies, settings, system_log
from evidence.collectors.okta.app import faults
from evidence.collectors.okta.reading import found
from evidence.collectors.okta.session import OktaSession

_OKTA_DOMAINS = (".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com", ".okta.mil")
_SCOPE = "In Okta, under Applications, the app, Okta API Scopes, grant {}."
_ROLE = "Give the token's owner, or the app, the Read-only Administrator role, or a custom role that holds {permission}."

#: The cheapest call that each permission allows.
_TRIES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("okta.orgs.read", "/api/v1/org", {}),
    ("okta.users.read", "/api/v1/users", {"limit": "1"}),
    ("okta.roles.read", "/api/v1/iam/assignees/users", {"limit": "1"}),
    ("okta.policies.read", "/api/v1/policies", {"type": "PASSWORD"}),
    ("okta.apps.read", "/api/v1/apps", {"limit": "1"}),
    ("okta.groups.read", "/api/v1/groups", {"limit": "1"}),
    ("okta.logs.read", "/api/v1/logs", {"limit": "1"}),
    ("okta.authenticators.read", "/api/v1/authenticators", {}),
    ("okta.apiTokens.read", "/api/v1/api-tokens", {}),
    ("okta.networkZones.read", "/api/v1/zones", {"limit": "1"}),
    ("okta.threatInsights.read", "/api/v1/threats/configuration", {}),
    ("okta.logStreams.read", "/api/v1/logStreams", {"limit": "1"}),
    ("okta.devices.read", "/api/v1/devices", {"limit": "1"}),
    ("okta.deviceAssurance.read", "/api/v1/device-assurances", {}),
)


def address(typed: str) -> str:
    """The organisation's address from what somebody typed: scheme added, path and `-admin` taken off.

    Raises CollectionError where no host is left.
    """
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = (parts.hostname or "").lower()
    if not host or parts.username or parts.password:
        raise CollectionError(
            Reason.UNREACHABLE, "that is not an organisation's address",
            remedy="Enter it as https://example.okta.com, without a user name.",
        )  # fmt: skip
    for domain in _OKTA_DOMAINS:
        if host.endswith(f"-admin{domain}"):
            host = host.removesuffix(f"-admin{domain}") + domain
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}"


def open_session(
    context: Context, *, timeout: float = 30.0, attempts: int = 4, max_wait: float = 120.0
) -> OktaSession:
    """Open the organisation, as a service app where the connection names one. Raises CollectionError where its address,
    token or key cannot be used."""
    as_app = bool(str(context.config.get("client_id") or "").strip())
    token = "" if as_app else context.secret.get("token", "").strip()
    if not (token or as_app):
        raise CollectionError(Reason.DENIED, "there is no API token", remedy="Enter an API token for the connection.")
    base_url = context.endpoint or address(str(context.config.get("org_url", "")))
    scopes = [permission for permission, _, _ in _TRIES]
    session = OktaSession(
        context, base_url, token, timeout=timeout, attempts=attempts, max_wait=max_wait, scopes=scopes
    )
    if session.app is not None:
        try:
            session.app.credential.headers()  # a key that is refused is said once, not of every kind
        except CollectionError:
            session.close()
            raise
    return session


def identity(session: OktaSession, context: Context) -> str:
    """The login of the token's owner, or the service app."""
    if session.app is not None:
        return f"service app {session.app.client_id}"
    body = session.get("/api/v1/users/me").body
    return str(found(body, "profile.login") or found(body, "id") or "unknown user")


def test(context: Context) -> list[PermissionResult]:
    """Try each permission once. Where nobody answers, or the token is refused, the rest is not tried."""
    try:
        session = open_session(context, timeout=10.0, attempts=2, max_wait=15.0)
    except CollectionError as error:
        return [_refused(permission, error) for permission, _, _ in _TRIES]
    results: list[PermissionResult] = []
    over: CollectionError | None = None
    try:
        for permission, path, params in _TRIES:
            over = over or _try(session, permission, path, params, results)
            if over is not None:
                results.append(_refused(permission, over))
    finally:
        session.close()
    return results


def _try(
    session: OktaSession, permission: str, path: str, params: dict[str, str], results: list[PermissionResult]
) -> CollectionError | None:
    """Try one permission. Returns the error that makes further tries pointless, if it is one."""
    if session.app is not None and permission not in session.app.granted:
        results.append(PermissionResult(permission, False, "the app was not granted this scope", _SCOPE.format(permission)))
        return None
    try:
        session.get(path, params)
    except CollectionError as error:
        if error.status == 401 or (error.status is None and error.reason is Reason.UNREACHABLE):
            return error
        results.append(_refused(permission, error))
    else:
        results.append(PermissionResult(permission, True, "can be read"))
    return None


def _refused(permission: str, error: CollectionError) -> PermissionResult:
    missing = error.reason is Reason.DENIED and error.status in (403, 404)
    remedy = _ROLE.format(permission=permission) if missing else error.remedy
    return PermissionResult(permission, False, error.message, remedy)


def discover(rows_by_kind: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    """The organisation as an identity provider, and every active application that is not Okta itself."""
    orgs = [
        Discovery(
            "identity_provider", f"okta:{row['id']}", f"Okta: {row.get('name') or row.get('subdomain') or row['id']}"
        )
        for row in rows_by_kind.get("okta.org", ())
        if row.get("id")
    ]
    apps = [
        Discovery(
            "application", f"okta:{row['id']}", str(row.get("label") or row["id"]),
            {"sign_on_mode": row.get("sign_on_mode"), "okta_name": row.get("name")},
        )
        for row in rows_by_kind.get("okta.apps", ())
        if row.get("id") and row.get("status") == "ACTIVE" and row.get("name") not in OKTA_ITSELF
    ]  # fmt: skip
    return orgs + apps


def _naming(kind: FactKind) -> FactKind:
    """The kind, with its permissions named in a denial: Okta itself does not say which one is missing."""

    def collect(session: OktaSession, context: Context) -> Iterator[Page]:
        try:
            yield from kind.collect(session, context)
        except CollectionError as error:
            if error.reason is Reason.DENIED and error.status in (403, 404) and not error.permission:
                error.permission = ", ".join(kind.permissions)
                missing = [name for name in kind.permissions if session.app is not None and name not in session.app.granted]
                error.remedy = _SCOPE.format(missing[0]) if missing else error.remedy
            raise

    return replace(kind, collect=collect)


_KINDS = settings.KINDS + people.KINDS + policies.KINDS + applications.KINDS + system_log.KINDS

VENDOR = Vendor(
    id="okta",
    title="Okta",
    fields=(
        Field(
            "org_url", "Organisation's address", hint="https://example.okta.com, the address people sign in at", address=True
        ),
        Field("client_id", "Client ID", hint="Of a service app. Left empty, the token below is used.", required=False),
        Field(
            "private_key", "Private key of the app", hint="as a JWK or in PEM", secret=True, required=False, multiline=True
        ),
        Field("key_id", "Key id", hint="As Okta shows it beside the public key; a JWK carries its own.", required=False),
        Field(
            "token", "API token", hint="where there is no app, of a user with the Read-only Administrator role", secret=True,
            required=False,
        ),
    ),
    kinds=tuple(_naming(kind) for kind in _KINDS),
    open=open_session,
    identity=identity,
    test=test,
    discover=discover,
    faults=faults,
    setup=Path(__file__).with_name("setup.md").read_text(encoding="utf-8"),
)
