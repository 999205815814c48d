"""What an account is, and how a list of them is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from evidence.checks.base import Row, Unreadable, known

Rows = Mapping[str, Sequence[Row]]
#: Who is held against the people list; groups, roles and commits belong to no one person.
PERSONAL = frozenset({"user", "outside", "assignment"})
#: What is on a list to be looked at, and cannot be taken away any more.
COMMIT = "commit"


@dataclass(frozen=True)
class Found:
    """One account as a source tells it.

    `key` names it there for good. `joins` are what a worker is found by: (vendor, name in it). `use_known`: the source
    tells when it was last used, so that None means never. `entitlements_known`: it tells what the account may do, so that
    what is not among them is gone. `unread`: what of it could not be read; it then counts as
    privileged, because nobody can say that it is not.
    """

    key: str
    name: str
    kind: str = "user"
    email: str = ""
    status: str = ""
    privileged: bool = False
    service: bool = False
    since: datetime | None = None
    last_used: datetime | None = None
    use_known: bool = False
    entitlements: tuple[str, ...] = ()
    entitlements_known: bool = True
    joins: tuple[tuple[str, str], ...] = ()
    unread: str = ""
    stands_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """The accounts of a system. `stands_for`: a check to the resource that the list as a whole is there."""

    accounts: tuple[Found, ...]
    stands_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How the accounts of one kind of system are read from the facts of one vendor.

    `kind` is the system's in the scope register, empty where it is read of any. Without `needs` there is no list, and `main` of
    them holds the accounts; `helps` make it better, and where one cannot be read the list says so. `sees(rows, name)` tells
    whether a connection's rows are of this system, `read` raises Unreadable. `name` is the system's external id without the
    vendor's prefix.
    """

    id: str
    vendor: str
    kind: str
    title: str
    needs: tuple[str, ...]
    main: str
    sees: Callable[[Rows, str], bool]
    read: Callable[[Rows, str, tuple[date, date]], Listing]
    helps: tuple[str, ...] = ()


def text(row: Row, path: str) -> str:
    """A field as text; empty where it is not there or could not be read."""
    try:
        value = known(row, path)
    except Unreadable:
        return ""
    return "" if value is None else str(value)


def moment(row: Row, path: str) -> tuple[datetime | None, bool]:
    """A time in a row, and whether it is known; known and None means never."""
    try:
        value = known(row, path)
    except Unreadable:
        return None, False
    return (None, True) if value in (None, "") else parsed(value)


def parsed(value: object) -> tuple[datetime | None, bool]:
    """A vendor's time in UTC, and whether it is one."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None, False
    return (found if found.tzinfo else found.replace(tzinfo=UTC)), True


def tagged(rows: Rows) -> frozenset[str]:
    """What the scope register tags as service accounts, by external id without the vendor, in lower case."""
    found = (row for row in rows.get("org.scope", ()) if row.get("service_account") and row.get("external_id"))
    return frozenset(str(row["external_id"]).rpartition(":")[2].lower() for row in found)
