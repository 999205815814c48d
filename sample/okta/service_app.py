"""A service app of the sample organisation: it takes an assertion signed with its key, and gives tokens for its scopes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from sample.signatures import PublicKey, read

PATH = "/oauth2/v1/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: The scope that a path asks for. The rest of the fake is not that strict.
SCOPES = {
    "/api/v1/org": "okta.orgs.read", "/api/v1/users": "okta.users.read", "/api/v1/iam": "okta.roles.read",
    "/api/v1/policies": "okta.policies.read", "/api/v1/apps": "okta.apps.read", "/api/v1/groups": "okta.groups.read",
    "/api/v1/logs": "okta.logs.read", "/api/v1/authenticators": "okta.authenticators.read",
    "/api/v1/api-tokens": "okta.apiTokens.read", "/api/v1/zones": "okta.networkZones.read",
    "/api/v1/threats": "okta.threatInsights.read", "/api/v1/logStreams": "okta.logStreams.read",
    "/api/v1/devices": "okta.devices.read", "/api/v1/device-assurances": "okta.deviceAssurance.read",
}  # fmt: skip


@dataclass
class ServiceApp:
    """`seconds` is how long its tokens hold; `tokens` by their end in epoch seconds and their scopes."""

    key: PublicKey
    client_id: str = "0oaSampleServiceApp"
    kid: str = ""
    scopes: set[str] = field(default_factory=lambda: set(SCOPES.values()))
    dpop: bool = False
    seconds: int = 3600
    tokens: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)
    exchanges: int = 0
    used: set[str] = field(default_factory=set)

    def exchange(self, sent: str, audience: str) -> tuple[int, dict[str, Any]]:
        """Status and body of a token request."""
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        self.exchanges += 1
        if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != ASSERTION:
            return 400, _error("invalid_request", "The request is missing a required parameter.")
        wrong = self._wrong_with(form.get("client_assertion", ""), audience)
        if wrong:
            return 401, _error("invalid_client", wrong)
        if self.dpop:
            return 400, _error("invalid_dpop_proof", "The DPoP proof JWT header is missing.")
        asked = frozenset(form.get("scope", "").split())
        if not asked or not asked <= self.scopes:
            return 400, _error("invalid_scope", "One or more scopes are not granted to the application.")
        token = f"eySample{self.exchanges:06d}"
        self.tokens[token] = (time.time() + self.seconds, asked)
        return 200, {
            "token_type": "Bearer", "expires_in": self.seconds, "access_token": token, "scope": " ".join(sorted(asked)),
        }  # fmt: skip

    def _wrong_with(self, assertion: str, audience: str) -> str:
        try:
            header, claims = read(assertion, self.key)
        except ValueError:
            return "The client_assertion signature is invalid."
        now = time.time()
        if claims.get("iss") != self.client_id or claims.get("sub") != self.client_id:
            return "Invalid value for 'client_id' parameter."
        if claims.get("aud") != audience:
            return "The audience claim for client_assertion must be the endpoint invoked for the request."
        if not now < claims.get("exp", 0) <= now + 3600 or self.kid and header.get("kid") != self.kid:
            return "The client_assertion token is expired, or its key id is not known."
        if claims.get("jti") in self.used:
            return "The client_assertion token has been used before."
        self.used.add(claims["jti"])
        return ""

    def allows(self, token: str, path: str) -> bool | None:
        """Whether a token opens a path; None where it is no living token of this app."""
        ends, scopes = self.tokens.get(token, (0.0, frozenset()))
        if ends <= time.time():
            return None
        named = max((at for at in SCOPES if path.startswith(at)), key=len, default="")
        return SCOPES.get(named, "") in scopes


def _error(code: str, said: str) -> dict[str, Any]:
    return {"error": code, "error_description": said}
