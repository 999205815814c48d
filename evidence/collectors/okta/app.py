"""Signing in to Okta as a service app: client credentials with a signed assertion (RFC 7523), for read-only scopes.

Okta gives these scopes to a key only, never to a client secret. A scope that the app was not granted makes Okta refuse
the whole request, so each is then asked for alone, once, and the run goes on with what was granted: a missing scope costs
its own facts and no others.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context, Json
from evidence.collectors.client import Answer, VendorClient
from evidence.collectors.signing import KeyFault, SigningKey, read_key, signed_token
from evidence.collectors.tokens import ExpiringToken, Granted

PATH = "/oauth2/v1/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: Seconds that an assertion is good for. Okta allows an hour; it is used at once.
LIFE = 300
#: What Okta answers where a scope was not granted to the app.
_NOT_GRANTED = {"invalid_scope", "consent_required", "access_denied"}
_REMEDIES = {
    "invalid_client": "Okta refused the app. Check the client ID, that this key's public half stands on the app's page and is "
    "active, its key id, and that the clock of the workers is right.",
    "unauthorized_client": "The app may not use client credentials: it has to be an API Services app.",
    "unsupported_grant_type": "The app may not use client credentials: it has to be an API Services app.",
    "invalid_dpop_proof": "The app asks for a proof of possession (DPoP). On its page, under General settings, switch off "
    "“Require Demonstrating Proof of Possession”: its tokens live an hour and never leave the workers.",
    "invalid_scope": "Grant the app its scopes: Applications, the app, Okta API Scopes.",
    "consent_required": "Grant the app its scopes: Applications, the app, Okta API Scopes.",
    "access_denied": "Give the app the Read-only Administrator role, under Admin roles on its page.",
}  # fmt: skip


def faults(config: Mapping[str, Any], secret: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a connection's fields, by field: it signs in as an app with a key, or with a token."""
    if not config.get("client_id"):
        return {} if secret.get("token") else {"token": "Enter an API token, or the client ID and key of a service app."}
    try:
        read_key(secret.get("private_key", ""))
    except KeyFault as fault:
        return {"private_key": str(fault)}
    return {}


class ServiceApp:
    """One service app. `credential` signs a session's calls; `granted` are the scopes that its last token has."""

    def __init__(
        self, context: Context, base_url: str, scopes: Sequence[str], *, timeout: float, attempts: int, max_wait: float
    ) -> None:
        try:
            self._key: SigningKey = read_key(context.secret.get("private_key", ""))
        except KeyFault as fault:
            raise CollectionError(Reason.DENIED, str(fault), remedy="Enter the key anew on the connection's page.") from fault
        self.client_id = str(context.config["client_id"]).strip()
        self._kid = str(context.config.get("key_id") or "").strip()
        self._audience, self._scopes = f"{base_url}{PATH}", tuple(scopes)
        self._client = VendorClient(
            base_url=base_url, headers={"Accept": "application/json"}, context=context, timeout=timeout,
            attempts=attempts, max_wait=max_wait,
        )  # fmt: skip
        self.granted: frozenset[str] = frozenset()
        self.credential = ExpiringToken(self._exchange)

    def close(self) -> None:
        self._client.close()

    def assertion(self) -> str:
        """The signed statement of who asks: good for five minutes and for one use."""
        now = int(time.time())
        claims = {
            "iss": self.client_id, "sub": self.client_id, "aud": self._audience, "iat": now, "exp": now + LIFE,
            "jti": str(uuid4()),
        }  # fmt: skip
        return signed_token(self._key, claims, kid=self._kid)

    def _exchange(self) -> Granted:
        asked = sorted(self.granted) or list(self._scopes)
        answer = self._ask(asked)
        if _refused(answer) in _NOT_GRANTED:
            asked = [scope for scope in self._scopes if not _refused(self._ask([scope]))]
            answer = self._ask(asked) if asked else answer
        code = _refused(answer)
        if code:
            raise _refusal(answer, code)
        body = answer.body
        if not isinstance(body, dict) or not isinstance(body.get("access_token"), str) or not body["access_token"]:
            raise CollectionError(
                Reason.MALFORMED, "the answer holds no token", call=answer.call,
                remedy="Run again; if it persists, a proxy may be answering in Okta's place.",
            )  # fmt: skip
        self.granted = frozenset(str(body.get("scope") or "").split() or asked)
        seconds = body.get("expires_in")
        return Granted(body["access_token"], float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 60.0)

    def _ask(self, scopes: Iterable[str]) -> Answer:
        form = {
            "grant_type": "client_credentials", "scope": " ".join(scopes), "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }  # fmt: skip
        return self._client.post(PATH, data=form, allow=(400, 401, 403))


def _refused(answer: Answer) -> str:
    """The error code of a refusal (RFC 6749, 5.2); empty where the answer is none."""
    if answer.status < 300:
        return ""
    body: Json = answer.body
    code = (body.get("error") or body.get("errorCode")) if isinstance(body, dict) else None
    return str(code or "refused")


def _refusal(answer: Answer, code: str) -> CollectionError:
    body = answer.body if isinstance(answer.body, dict) else {}
    said = str(body.get("error_description") or body.get("errorSummary") or "")[:300]
    return CollectionError(
        Reason.DENIED, f"Okta gave the app no token: {code}" + (f", {said}" if said else ""), call=answer.call,
        # What is wrong with the app itself is wrong for every kind; it counts as a refused credential.
        status=401, remedy=_REMEDIES.get(code, "Check the app's settings in Okta, then test the connection again."),
    )  # fmt: skip
