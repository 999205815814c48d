"""The organisation's own settings: authenticators, tokens, networks, threat detection, log streams, devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row
from evidence.collectors.base import CollectionError, Context, FactKind, Page
from evidence.collectors.okta.reading import pick, picker
from evidence.collectors.okta.session import OktaSession

Collect = Callable[[OktaSession, Context], Iterator[Page]]


def _list(path: str, params: Mapping[str, Any] | None = None) -> Collect:
    def collect(session: OktaSession, context: Context) -> Iterator[Page]:
        yield from session.stream(path, params)

    return collect


def _object(path: str) -> Collect:
    def collect(session: OktaSession, context: Context) -> Iterator[Page]:
        answer = session.get(path)
        if not isinstance(answer.body, dict):
            raise CollectionError(
                Reason.MALFORMED, "expected an object", call=answer.call,
                remedy="Okta answered in an unexpected shape; what was collected before is kept.",
            )  # fmt: skip
        yield Page(answer.call, {}, answer.body)

    return collect


def _one(fields: Mapping[str, str]) -> Callable[[Sequence[Page]], list[Row]]:
    return lambda pages: [pick(page.body, fields) for page in pages if isinstance(page.body, dict)]


KINDS = (
    FactKind(
        id="okta.org", title="The organisation", collect=_object("/api/v1/org"), permissions=("okta.orgs.read",),
        rows=_one({"id": "id", "name": "companyName", "subdomain": "subdomain", "status": "status"}),
    ),
    FactKind(
        id="okta.authenticators", title="Authenticators", collect=_list("/api/v1/authenticators"),
        permissions=("okta.authenticators.read",),
        rows=picker({"id": "id", "key": "key", "name": "name", "type": "type", "status": "status",
                     "allowed_for": "settings.allowedFor"}),
    ),
    FactKind(
        id="okta.api_tokens", title="API tokens", collect=_list("/api/v1/api-tokens"),
        permissions=("okta.apiTokens.read",),
        rows=picker({"id": "id", "name": "name", "user_id": "userId", "created": "created",
                     "last_updated": "lastUpdated", "expires_at": "expiresAt", "connection": "network.connection"}),
    ),
    FactKind(
        id="okta.zones", title="Network zones", collect=_list("/api/v1/zones", {"limit": 200}),
        permissions=("okta.networkZones.read",),
        rows=picker({"id": "id", "name": "name", "type": "type", "usage": "usage", "status": "status",
                     "gateways": "gateways", "proxies": "proxies", "asns": "asns", "locations": "locations",
                     "proxy_type": "proxyType", "service_categories": "ipServiceCategories"}),
    ),
    FactKind(
        id="okta.threatinsight", title="ThreatInsight", collect=_object("/api/v1/threats/configuration"),
        permissions=("okta.threatInsights.read",), rows=_one({"action": "action", "exempt_zones": "excludeZones"}),
    ),
    FactKind(
        id="okta.log_streams", title="Log streams", collect=_list("/api/v1/logStreams", {"limit": 200}),
        permissions=("okta.logStreams.read",), can_be_empty=True,
        rows=picker({"id": "id", "name": "name", "type": "type", "status": "status"}),
    ),
    FactKind(
        id="okta.devices", title="Registered devices", collect=_list("/api/v1/devices", {"limit": 200}),
        permissions=("okta.devices.read",), can_be_empty=True,
        rows=picker({"id": "id", "name": "profile.displayName", "platform": "profile.platform", "status": "status",
                     "registered": "profile.registered", "encryption": "profile.diskEncryptionType"}),
    ),
    FactKind(
        id="okta.device_assurances", title="Device assurance policies", collect=_list("/api/v1/device-assurances"),
        permissions=("okta.deviceAssurance.read",), can_be_empty=True,
        rows=picker({"id": "id", "name": "name", "platform": "platform"}),
    ),
)  # fmt: skip
