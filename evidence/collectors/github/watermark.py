"""How far back a population was read, per repository: so that a collection of hours can stop and go on.

A repository's state is JSON: `to`, complete up to this time; `seen`, what lies within the overlap; `again`, what
could not be read in full and is tried once more; `part`, the stretch that an interrupted reading has behind it.
Times are GitHub's own, ISO 8601 in UTC, so they compare as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

#: How far back the first collection goes: a year's period, and a month before it.
LOOKBACK = timedelta(days=400)
#: What is read again each time, for what GitHub shows late.
OVERLAP = timedelta(hours=1)


def iso(moment: datetime) -> str:
    """A time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def timed(at: Any, key: Any, call: str) -> str:
    """The time of an item. Without one, or without a key, the list cannot be followed: malformed."""
    if isinstance(at, str) and at and key is not None:
        return at
    raise CollectionError(Reason.MALFORMED, "an item of the list has no time or no number", call=call)


class Watermark:
    """One repository's state, read from the last cursor and written into the next."""

    def __init__(self, state: dict[str, Any], now: datetime) -> None:
        self.state = state
        self.start = iso(now - LOOKBACK)
        self._top: str | None = None

    @property
    def floor(self) -> str:
        """Nothing older needs to be read."""
        to = self.state.get("to")
        return max(self.start, iso(datetime.fromisoformat(to) - OVERLAP)) if to else self.start

    @property
    def again(self) -> list[Any]:
        """Keys to try once more."""
        found: list[Any] = self.state.setdefault("again", [])
        return found

    def behind(self, key: Any, at: str) -> bool:
        """Whether this version of an item was read already: in the overlap, or by the reading that was interrupted."""
        part = self.state.get("part")
        return self.state.get("seen", {}).get(str(key)) == at or bool(part and part["down"] < at < part["top"])

    def read_down(self, times: Iterable[str]) -> str:
        """Note that a page, newest first, is read. Returns its lowest time."""
        found = [at for at in times if at] or [self.start]
        self._top = self._top or max(found)
        low, part = min(found), self.state.get("part")
        if part is None or low <= part["top"]:
            self.state["part"] = {"top": self._top, "down": min(low, part["down"]) if part else low}
        return low

    def finish(self, seen: dict[str, str]) -> None:
        """The list is read down to the floor: it is complete up to its newest item."""
        to = max(self._top or "", self.state.get("to") or "") or None
        self.state.pop("part", None)
        if to:
            edge = iso(datetime.fromisoformat(to) - OVERLAP)
            self.state["to"] = to
            self.state["seen"] = {k: at for k, at in {**self.state.get("seen", {}), **seen}.items() if at >= edge}


def states(cursor: Any) -> dict[str, dict[str, Any]]:
    """A copy of the states in a cursor, so that the old cursor stays as it was."""
    found: dict[str, dict[str, Any]] = deepcopy((cursor or {}).get("repositories", {}))
    return found
