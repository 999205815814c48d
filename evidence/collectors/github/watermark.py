"""How far back a population was read, per repository: so that a collection of hours can stop and go on.

A repository's state is JSON: `from`, where its first reading began; `to`, complete up to this time; `whole`, when that was;
`rows`, how many items it brought; `seen`, what lies within the overlap; `again`, what could not be read in full and is tried
once more; `part`, the stretch that an interrupted reading has behind it, with what of it lies within the overlap and at its
two `ends`, where other items may bear the same time.
Times are GitHub's own, ISO 8601 in UTC, so they compare as text.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    def __init__(self, state: dict[str, Any], now: datetime, overlap: timedelta = OVERLAP) -> None:
        self.state = state
        self.start, self._now = iso(now - LOOKBACK), now
        self._overlap = overlap
        self._top: str | None = None
        state.setdefault("from", self.start)

    @property
    def floor(self) -> str:
        """Nothing older needs to be read."""
        to = self.state.get("to")
        return max(self.start, self._before(to)) if to else self.start

    @property
    def again(self) -> list[Any]:
        """Keys to try once more."""
        found: list[Any] = self.state.setdefault("again", [])
        return found

    def behind(self, key: Any, at: str) -> bool:
        """Whether this version of an item was read already: in the overlap, or by the reading that was interrupted."""
        part, name = self.state.get("part") or {}, str(key)
        known = (self.state.get("seen", {}), part.get("seen", {}), part.get("ends", {}))
        return any(times.get(name) == at for times in known) or bool(part and part["down"] < at < part["top"])

    def is_new(self, at: str) -> bool:
        """Whether an item of this time came after the last complete reading: any other was brought before."""
        return at > self.state.get("to", "")

    def read_down(self, times: list[str], fresh: Mapping[str, str], new: int) -> str:
        """Note that a stretch of the list, newest first, is read, and what of it is `fresh`: key to time. `new` of these
        were never brought before. Returns the lowest time."""
        found = [at for at in times if at] or [self.start]
        self._top = self._top or max(found)
        low, part = min(found), self.state.get("part")
        self.state["rows"] = self.state.get("rows", 0) + new
        if part is None or low <= part["top"]:
            edge, down = self._before(self._top), min(low, part["down"]) if part else low
            read = {**(part or {}).get("ends", {}), **(part or {}).get("seen", {}), **fresh}
            self.state["part"] = {
                "top": self._top, "down": down, "seen": {key: at for key, at in read.items() if at >= edge},
                "ends": {key: at for key, at in read.items() if at in (self._top, down)},
            }  # fmt: skip
        else:  # above the stretch that is behind: it joins that once the reading has come down to it
            part["seen"] = {**part.get("seen", {}), **fresh}
        return low

    def finish(self) -> None:
        """The list is read down to the floor: it is complete up to its newest item."""
        to = max(self._top or "", self.state.get("to") or "") or None
        self.state["whole"] = iso(self._now)
        seen = {**self.state.get("seen", {}), **self.state.pop("part", {}).get("seen", {})}
        if to:
            edge = self._before(to)
            self.state["to"] = to
            self.state["seen"] = {key: at for key, at in seen.items() if at >= edge}

    def _before(self, at: str) -> str:
        return iso(datetime.fromisoformat(at) - self._overlap)


def states(cursor: Any) -> dict[str, dict[str, Any]]:
    """A copy of the states in a cursor, so that the old cursor stays as it was."""
    found: dict[str, dict[str, Any]] = deepcopy((cursor or {}).get("repositories", {}))
    return found
