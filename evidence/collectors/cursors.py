"""A cursor in its parts: one state for each source, and what a state says of itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a state says of itself: read from when, complete up to when, and how many rows that brought."""

    collected_from: datetime | None
    complete_to: datetime | None
    rows: int


def told_by(state: Mapping[str, Any] | None) -> Told:
    """`from`, `rows` and how far it is complete: up to when it was last read `whole`, else up to what it has come `to`."""
    said = state or {}
    rows, complete = said.get("rows"), moment_of(said.get("whole") or said.get("to"))
    return Told(moment_of(said.get("from")), complete, rows if isinstance(rows, int) and rows > 0 else 0)


def apart(cursor: Mapping[str, Any] | None, parts: str) -> dict[str, State]:
    """The states of a cursor by source; what belongs to none stands under the empty name."""
    if cursor is None:
        return {}
    rest = {key: value for key, value in cursor.items() if key != parts}
    found: dict[str, State] = dict(cursor.get(parts) or {}) if parts else {}
    return found | ({"": rest} if rest or not parts else {})


def together(states: Mapping[str, State], parts: str) -> dict[str, Any] | None:
    """The cursor that `apart` took apart; None where there is no state at all."""
    if not states:
        return None
    whole = dict(states.get("", {}))
    return whole | ({parts: {name: state for name, state in states.items() if name}} if parts else {})


def moment_of(text: Any) -> datetime | None:
    """A moment that a state tells; None where it tells none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
