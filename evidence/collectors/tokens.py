"""A token that expires: had for a key, kept while it holds, renewed before it ends and once after it is refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evidence.collectors.base import CollectionError

#: Seconds before its end at which a token is no longer used, and never more than a tenth of its life.
MARGIN = 300.0
#: Seconds for which a token counts as new: one that is refused so soon is not refused for its age, and asking again
#: for each of a thousand refusals would only use up the vendor's patience.
NEW = 30.0


@dataclass(frozen=True, repr=False)
class Granted:
    """What an exchange gave: the token, and for how many seconds it holds."""

    token: str
    seconds: float


class ExpiringToken:
    """The credential of a session whose token has to be had for something else. `exchange` raises CollectionError.

    Threads of a run share it: where several meet its end one exchanges and the others wait.
    """

    def __init__(self, exchange: Callable[[], Granted], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._exchange, self._clock = exchange, clock
        self._lock = threading.Lock()
        self._token, self._since, self._until = "", 0.0, 0.0
        self._refused: CollectionError | None = None

    def headers(self) -> Mapping[str, str]:
        """What a call is sent with. Raises CollectionError where there is no token to be had."""
        with self._lock:
            if not self._token or self._clock() >= self._until:
                self._renew()
            return {"Authorization": f"Bearer {self._token}"}

    def renew(self, sent: Mapping[str, str]) -> bool:
        """After a 401: whether another token than the one that was `sent` is there to try with. Raises as `headers` does."""
        with self._lock:
            if sent.get("Authorization") == f"Bearer {self._token}" and self._clock() - self._since >= NEW:
                self._renew()
            return sent.get("Authorization") != f"Bearer {self._token}"

    def _renew(self) -> None:
        if self._refused is not None:
            raise self._refused  # a key that was refused is not offered again for every kind of a run
        began = self._clock()
        try:
            granted = self._exchange()
        except CollectionError as error:
            if error.status in (400, 401, 403, 404):
                self._refused = error
            raise
        self._token, self._since = granted.token, began
        self._until = began + granted.seconds - min(MARGIN, granted.seconds / 10)
