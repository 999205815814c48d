"""A GitHub App installed on the sample organisation: it takes tokens signed with its key, and gives tokens that expire."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from sample.github.request import NOT_FOUND, Refusal
from sample.signatures import read

#: GitHub's own limit on the life of an app's token, in seconds.
LIFE = 600
NEEDED = dict.fromkeys((
    "actions", "administration", "checks", "contents", "members", "metadata", "organization_administration",
    "organization_personal_access_tokens", "pull_requests", "secret_scanning_alerts", "security_events", "statuses",
    "vulnerability_alerts",
), "read")  # fmt: skip


@dataclass
class InstalledApp:
    """`seconds` is how long its tokens hold; `tokens` are those given out, by their end in epoch seconds."""

    key: rsa.RSAPublicKey
    id: int = 700123
    number: int = 5150001
    account: str = "halyard-payments"
    permissions: dict[str, str] = field(default_factory=lambda: dict(NEEDED))
    selection: str = "all"
    suspended: bool = False
    seconds: float = 3600.0
    tokens: dict[str, float] = field(default_factory=dict)
    exchanges: int = 0

    def holds(self, token: str) -> bool:
        """Whether a token was given out and has not ended."""
        return self.tokens.get(token, 0.0) > time.time()

    def signed_by(self, token: str) -> None:
        """Raises GitHub's 401 where a token was not signed by this app for now."""
        try:
            _, claims = read(token, self.key)
        except ValueError as fault:
            raise Refusal("401 Unauthorized", "A JSON web token could not be decoded") from fault
        now = time.time()
        if str(claims.get("iss")) != str(self.id):
            raise Refusal("401 Unauthorized", "Integration must generate a public key")
        if claims.get("iat", now + 1) > now:
            raise Refusal("401 Unauthorized", "'Issued at' claim ('iat') must be an Integer representing the time that the "
                          "assertion was issued")  # fmt: skip
        if not now < claims.get("exp", 0) <= now + LIFE:
            raise Refusal("401 Unauthorized", "'Expiration time' claim ('exp') is too far in the future")

    def exchange(self, number: str) -> dict[str, Any]:
        """A new token of the installation."""
        if number != str(self.number):
            raise Refusal(NOT_FOUND, "Integration not found")
        if self.suspended:
            raise Refusal("403 Forbidden", "This installation has been suspended")
        self.exchanges += 1
        token, ends = f"ghs_sample{self.exchanges:06d}", time.time() + self.seconds
        self.tokens[token] = ends
        return {
            "token": token, "expires_at": datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "permissions": self.permissions, "repository_selection": self.selection,
        }  # fmt: skip

