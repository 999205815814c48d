"""What is marked on an account: whose it is, whether somebody used it, and in which order a reviewer should meet it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from .base import PERSONAL, Found

#: Days after which an account that nobody used is marked (PCI 8.2.6 asks for no more).
UNUSED_DAYS = 90
Who = TypeVar("Who")


@dataclass(frozen=True)
class Person(Generic[Who]):
    """Somebody on the people list: who, by which mail address, by which account names, and whether they still work here."""

    who: Who
    email: str
    accounts: Mapping[str, Any]
    active: bool


class Roster(Generic[Who]):
    """The people list, as accounts are joined to it: by the name in the vendor first, then by mail address."""

    def __init__(self, people: Iterable[Person[Who]]) -> None:
        self._by: dict[tuple[str, str], Person[Who]] = {}
        for person in people:
            names = [(vendor, str(name)) for vendor, name in person.accounts.items() if name]
            for vendor, name in [*names, ("email", person.email)]:
                self._take((vendor.lower(), name.lower()), person)

    def _take(self, key: tuple[str, str], person: Person[Who]) -> None:
        """Somebody who came back has two entries; the one who works here counts."""
        if key not in self._by or (person.active and not self._by[key].active):
            self._by[key] = person

    def of(self, found: Found) -> Person[Who] | None:
        """Whose account it is."""
        if found.kind not in PERSONAL:
            return None
        asked = [*found.joins, ("email", found.email), ("email", found.name)]
        return next((self._by[key] for vendor, name in asked if (key := (vendor.lower(), name.lower())) in self._by), None)


def is_unused(found: Found, at: datetime) -> bool:
    """Whether nobody used it for 90 days; where it never was used, 90 days after it was made. What is not known is not marked."""
    before = at - timedelta(days=UNUSED_DAYS)
    if not found.use_known:
        return False
    if found.last_used is not None:
        return found.last_used < before
    return found.since is None or found.since < before


def is_orphan(found: Found, person: Person[Any] | None) -> bool:
    """Whether it belongs to nobody: a person's account, by its kind, that no worker has and no register explains."""
    return found.kind in PERSONAL and person is None and not found.service


def order(found: Found, person: Person[Any] | None, at: datetime) -> tuple[Any, ...]:
    """What most likely has to go comes first."""
    left = person is not None and not person.active
    return (not left, not is_orphan(found, person), not found.privileged, not is_unused(found, at), found.name.lower(), found.key)


def digest_of(accounts: Iterable[Found]) -> str:
    """SHA-256 of the canonical list: the same accounts in any order have the same digest."""
    rows = [
        [
            each.key, each.name, each.kind, each.email, each.status, each.privileged, each.service, _iso(each.since),
            _iso(each.last_used), each.use_known, list(each.entitlements), each.unread,
        ]
        for each in sorted(accounts, key=lambda each: each.key)
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
