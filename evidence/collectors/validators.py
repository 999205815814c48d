"""Answers kept by address, so that a vendor can be asked whether they still hold. Bounded, and safe to lose.

Only what is asked again the same way is kept: lists and settings, not the details of an item that is read once.
"""

from __future__ import annotations

import zlib
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


class StoredValidators:
    """The answers of one connection for one run. Read when they are asked for, written a few at a time, outside any room."""

    def __init__(self, organization: Organization, connection_id: UUID) -> None:
        self._organization, self._connection = organization, connection_id
        self._known: set[str] | None = None
        self._fresh: dict[str, Validator] = {}
        self._used: set[str] = set()

    def find(self, address: str) -> Kept | None:
        """The answer that is kept of an address."""
        if address not in self._addresses():
            return None
        with scope(self._organization):
            row = Validator.objects.filter(connection=self._connection, address=address).first()
        if row is None:
            return None
        self._used.add(address)
        return Kept(row.etag, row.modified, zlib.decompress(bytes(row.body)), row.following)

    def _addresses(self) -> set[str]:
        """Those that are kept, read once: for what is not among them no room is opened."""
        if self._known is None:
            with scope(self._organization):
                mine = Validator.objects.filter(connection=self._connection)
                self._known = set(mine.values_list("address", flat=True))
        return self._known

    def keep(self, address: str, answer: Kept) -> None:
        """Keep an answer, if it is not too large."""
        body = zlib.compress(answer.content, 6)
        if len(body) > LARGEST or len(answer.following) > 1000 or len(answer.etag) > 200:
            return
        with scope(self._organization):
            self._fresh[address] = Validator(
                connection_id=self._connection, address=address, etag=answer.etag, modified=answer.modified[:60],
                following=answer.following, body=body, size=len(body), used_at=now(),
            )  # fmt: skip
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
            Validator.objects.bulk_create(
                self._fresh.values(), update_conflicts=True, unique_fields=["organization", "connection", "address"],
                update_fields=["etag", "modified", "following", "body", "size", "used_at"],
            )  # fmt: skip
        if self._known is not None:
            self._known |= set(self._fresh)
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
