"""What a builder is given, and what it draws: plain values, so that each builder is a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from evidence.checks.base import Reason, Row, Unreadable, known, unknown

from .items import Item
from .reconciling import Unequal
from .spans import Hole, Period


@dataclass(frozen=True)
class Look:
    """What one look saw: all the rows of a kind as they then stood; of a list that is followed, all up to then."""

    at: datetime
    rows: Sequence[Row]


@dataclass(frozen=True)
class System:
    """A connection with its looks by fact kind, in order of time."""

    slug: str
    name: str
    vendor: str
    looks: Mapping[str, Sequence[Look]] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[Look]:
        return self.looks.get(kind, ())

    def latest(self, kind: str) -> Sequence[Row]:
        """The rows of the newest look; none where there was none."""
        looks = self.of(kind)
        return looks[-1].rows if looks else ()


@dataclass(frozen=True)
class Given:
    """The period, the systems that were looked at, the people list, the scope register, and what policy allows.

    `settings` are the population's own: `hours` to end a leaver's access, `target_days` by severity.
    """

    period: Period
    systems: Sequence[System] = ()
    people: Sequence[Row] = ()
    scope: Sequence[Row] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Excluded:
    """What was left out of the list, and why."""

    source: str
    id: str
    reason: str


@dataclass(frozen=True)
class Drawn:
    """What a builder drew. `counted` is how many things a total of the source would count, where that is not the items
    and what was left out: leavers stand once for each system, and the people list counts people."""

    items: Sequence[Item]
    excluded: Sequence[Excluded] = ()
    holes: Sequence[Hole] = ()
    unequal: Sequence[Unequal] = ()
    counted: int | None = None


def told(row: Row, path: str) -> Any:
    """A cell: the value at a dotted path, or unknown with its reason where it was not read."""
    try:
        return known(row, path)
    except Unreadable as gap:
        return unknown(gap.reason)


def needed(row: Row, path: str) -> Any:
    """Like `told`, where an empty value says nothing: unknown."""
    value = told(row, path)
    return unknown(Reason.MALFORMED) if value is None else value


def instant(value: Any) -> datetime | None:
    """A moment that a source wrote, in UTC; None where it is none. One without an offset is UTC, as vendors write it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        found = datetime.fromisoformat(str(value).replace(" ", "T"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day of the calendar are not of every zone
        return None


def moment(value: Any) -> Any:
    """A moment as a cell holds it, ISO 8601 in UTC; what is none says that it could not be read."""
    if value is None or isinstance(value, Mapping):
        return value
    found = instant(value)
    return found.isoformat(timespec="seconds") if found else unknown(Reason.MALFORMED)


def left_out(scope: Sequence[Row], vendor: str) -> frozenset[str]:
    """What of a vendor somebody decided to be out of scope, by the vendor's own name. Undecided counts as in."""
    return frozenset(name for name, row in _of_vendor(scope, vendor) if row.get("decision") == "out")


def service_accounts(scope: Sequence[Row], vendor: str) -> frozenset[str]:
    """Accounts of a vendor that no person stands behind, as the scope register says, in lower case."""
    return frozenset(name.lower() for name, row in _of_vendor(scope, vendor) if row.get("service_account"))


def _of_vendor(scope: Sequence[Row], vendor: str) -> Iterator[tuple[str, Row]]:
    for row in scope:
        named = str(row.get("external_id") or "")
        if named.startswith(f"{vendor}:"):
            yield named.removeprefix(f"{vendor}:"), row
