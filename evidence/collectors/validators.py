"""Answers kept by address, so that a vendor can be asked whether they still hold. Bounded, and safe to lose.

Only what is asked again the same way is kept: lists and settings, not the details of an item that is read once.
"""

from __future__ import annotations

import zlib
from typing import Any
from uuid import UUID

from django.db.models import Sum

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope

from .base import Kept
from .models import Validator

#: Addresses of one connection, the bytes of one answer once pressed, and of all of them together.
ADDRESSES, LARGEST, ALL = 4000, 256 * 1024, 64 * 1024 * 1024
#: Answers that wait to be written.
_TOGETHER = 25
#: Bytes of pressed answers that a run has at hand, read with one question; the others are read one by one.
AT_HAND = 8 * 1024 * 1024


class StoredValidators:
    """The answers of one connection for one run. Read when they are asked for, written a few at a time, outside any room."""

    def __init__(self, organization: Organization, connection_id: UUID) -> None:
        self._organization, self._connection = organization, connection_id
        self._known: dict[str, Validator | None] | None = None
        self._fresh: dict[str, dict[str, Any]] = {}
        self._used: set[str] = set()

    def find(self, address: str) -> Kept | None:
        """The answer that is kept of an address."""
        known = self._addresses()
        if address not in known:
            return None
        row = known[address]
        if row is None:
            with scope(self._organization):
                row = Validator.objects.filter(connection=self._connection, address=address).first()
        if row is None:
            return None
        self._used.add(address)
        return Kept(row.etag, row.modified, zlib.decompress(bytes(row.body)), row.following)

    def _addresses(self) -> dict[str, Validator | None]:
        """Those that are kept, read once, with as many of their answers as are at hand: for the others no room is opened."""
        if self._known is None:
            with scope(self._organization):
                mine = Validator.objects.filter(connection=self._connection)
                self._known, near, size = {}, [], 0
                for pk, address, held in mine.order_by("-used_at", "pk").values_list("pk", "address", "size"):
                    self._known[address] = None
                    size += held
                    if size <= AT_HAND:
                        near.append(pk)
                self._known |= {row.address: row for row in mine.filter(pk__in=near)}
        return self._known

    def keep(self, address: str, answer: Kept) -> None:
        """Keep an answer, if it is not too large."""
        body = zlib.compress(answer.content, 6)
        if len(body) > LARGEST or len(answer.following) > 1000 or len(answer.etag) > 200:
            return
        self._fresh[address] = {
            "etag": answer.etag, "modified": answer.modified[:60], "following": answer.following, "body": body,
            "size": len(body), "used_at": now(),
        }  # fmt: skip
        if len(self._fresh) >= _TOGETHER:
            self._write()

    def flush(self) -> None:
        """Write what waits, remember what was used, and let go of what is too much: the longest unused first."""
        if not self._fresh and not self._used:
            return
        with scope(self._organization):
            self._write()
            mine = Validator.objects.filter(connection=self._connection)
            mine.filter(address__in=self._used).update(used_at=now())
            self._used.clear()
            self._prune()

    def _write(self) -> None:
        with scope(self._organization):
            rows = [Validator(connection_id=self._connection, address=each, **kept) for each, kept in self._fresh.items()]
            Validator.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["organization", "connection", "address"],
                update_fields=["etag", "modified", "following", "body", "size", "used_at"],
            )  # fmt: skip
        if self._known is not None:
            self._known |= dict.fromkeys(self._fresh)
        self._fresh.clear()

    def _prune(self) -> None:
        mine = Validator.objects.filter(connection=self._connection)
        if mine.count() <= ADDRESSES and (mine.aggregate(all=Sum("size"))["all"] or 0) <= ALL:
            return
        kept, size = 0, 0
        gone = []
        for pk, held in mine.order_by("-used_at", "pk").values_list("pk", "size"):
            kept, size = kept + 1, size + held
            if kept > ADDRESSES or size > ALL:
                gone.append(pk)
        mine.filter(pk__in=gone).delete()
