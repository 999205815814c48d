"""Signing in as a GitHub App: a token of ten minutes signed with the app's key gives an installation's token of an hour."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context
from evidence.collectors.client import VendorClient
from evidence.collectors.signing import KeyFault, SigningKey, read_key, signed_token
from evidence.collectors.tokens import ExpiringToken, Granted

#: GitHub takes no signed token that ends later than ten minutes from now, by its clock; a minute each way is for the clocks.
LIFE, SKEW = 600, 60
#: What an installation's token lives where the answer does not say.
HOUR = 3600.0

_APP = re.compile(r"\d{1,12}|Iv[\w.]{8,40}")
_NUMBER = re.compile(r"\d{1,12}")
_REMEDIES = {
    401: "GitHub refused the app's signature. Check the app's number, that the key belongs to this app and was not deleted "
    "there, and that the clock of the workers is right within a minute.",
    403: "The installation is suspended, or the app may not act here: an owner of the organisation can lift that under "
    "Settings, GitHub Apps.",
    404: "This app has no such installation. Copy the number at the end of the address of the installation's page.",
}  # fmt: skip


def faults(config: Mapping[str, Any], secret: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields of an app, by field."""
    found = {}
    if not _APP.fullmatch(str(config.get("app_id") or "")):
        found["app_id"] = "Enter the app's number, or its client id, as it stands on the app's page."
    if not _NUMBER.fullmatch(str(config.get("installation_id") or "")):
        found["installation_id"] = "Enter the number at the end of the address of the installation's page."
    try:
        if read_key(secret.get("private_key", "")).algorithm != "RS256":
            found["private_key"] = "GitHub's keys are RSA keys: paste the file that it gave you."
    except KeyFault as fault:
        found["private_key"] = str(fault)
    return found


class App:
    """One installation of one app. `credential` signs a session's calls; `installation` is what GitHub says of it."""

    def __init__(self, context: Context, base_url: str, headers: Mapping[str, str], timeout: float) -> None:
        wrong = faults(context.config, context.secret)
        if wrong:
            raise CollectionError(Reason.DENIED, " ".join(wrong.values()), remedy="Correct it on the connection's page.")
        self.id, self.number = str(context.config["app_id"]), str(context.config["installation_id"])
        self._key: SigningKey = read_key(context.secret["private_key"])
        # Calls of the app itself are signed anew each: they are few, and the signature lives minutes.
        self._client = VendorClient(
            base_url=base_url, headers=headers, context=replace(context), timeout=timeout, credential=_Signature(self)
        )
        self.credential = ExpiringToken(self._exchange)

    def close(self) -> None:
        self._client.close()

    def assertion(self, now: float | None = None) -> str:
        """The app's own token, issued a minute ago so that a clock that is ahead does no harm. `now` is epoch seconds."""
        at = int(time.time() if now is None else now)
        issuer: int | str = int(self.id) if self.id.isdigit() else self.id
        return signed_token(self._key, {"iat": at - SKEW, "exp": at + LIFE - SKEW, "iss": issuer})

    def installation(self) -> dict[str, Any]:
        """What GitHub says of the installation: account, permissions, which repositories. Raises CollectionError."""
        try:
            answer = self._client.get(f"/app/installations/{self.number}")
        except CollectionError as error:
            raise _explained(error) from error
        if not isinstance(answer.body, dict):
            raise CollectionError(Reason.MALFORMED, "expected an object", call=answer.call)
        return answer.body

    def _exchange(self) -> Granted:
        try:
            answer = self._client.post(f"/app/installations/{self.number}/access_tokens")
        except CollectionError as error:
            raise _explained(error) from error
        body = answer.body if isinstance(answer.body, dict) else {}
        if not isinstance(body.get("token"), str) or not body["token"]:
            raise CollectionError(
                Reason.MALFORMED, "the answer holds no token", call=answer.call,
                remedy="Run again; if it persists, a proxy may be answering in GitHub's place.",
            )  # fmt: skip
        return Granted(body["token"], _seconds(body.get("expires_at")))


class _Signature:
    """The credential of the app's own calls."""

    def __init__(self, app: App) -> None:
        self._app = app

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._app.assertion()}"}

    def renew(self, sent: Mapping[str, str]) -> bool:
        return False


def _seconds(expires_at: Any) -> float:
    """How long a token holds. A time that cannot be read, or has passed by our clock, tells of no hour: a minute then."""
    try:
        left = datetime.fromisoformat(str(expires_at).replace("Z", "+00:00")).timestamp() - time.time()
    except (TypeError, ValueError):
        return 60.0
    return min(max(left, 60.0), HOUR)


def _explained(error: CollectionError) -> CollectionError:
    if error.status in _REMEDIES and error.reason is Reason.DENIED:
        error.remedy = _REMEDIES[error.status]
        error.message = f"The app's installation could not be opened: {error.message}"
    return error
