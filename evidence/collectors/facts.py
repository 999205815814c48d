"""From kept snapshots to the facts that checks read, as of now or of any past moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from compliance.tenancy.clock import now
from evidence.checks.base import Facts, FactSet, Reason, Row

from .base import FactKind, Page
from .house import HOUSE_KINDS
from .models import Connection, KindState, Snapshot
from .pages import Stored, unpacked
from .registry import kind_of, vendor_of


def facts_of(connection: Connection, *, kinds: Collection[str] | None = None) -> Facts:
    """What the newest look at each kind saw; where that look failed, the reason it failed (decisions, 18 and 19)."""
    sets: dict[str, FactSet] = {}
    newest: datetime | None = None
    for state in _states(connection, kinds):
        kind = kind_of(connection.vendor, state.fact_kind)
        if state.reason:
            sets[kind.id] = FactSet(
                kind.id, _part(connection, kind, state), state.last_looked_at, Reason(state.reason), state.message
            )
        elif state.last_good is not None:
            sets[kind.id] = _set(connection, kind, state.last_good, state.last_good_at or state.last_good.collected_at)
        if state.last_looked_at is not None:
            newest = max(newest or state.last_looked_at, state.last_looked_at)
    return Facts(now=newest or now(), sets=sets)


def facts_at(connection: Connection, moment: datetime) -> Facts:
    """What the newest good look at each kind before `moment` saw: for judging a past day again."""
    sets: dict[str, FactSet] = {}
    for id in [*HOUSE_KINDS, *(kind.id for kind in vendor_of(connection.vendor).kinds)]:
        snapshot = (
            Snapshot.objects.select_related("version")
            .filter(connection=connection, fact_kind=id, collected_at__lte=moment, step__reason="").order_by("-collected_at").first()
        )
        if snapshot is not None:
            seen = max(look for look in snapshot.looks if look <= moment)
            sets[id] = _set(connection, kind_of(connection.vendor, id), snapshot, seen)
    times = [found.collected_at for found in sets.values() if found.collected_at]
    return Facts(now=max(times, default=moment), sets=sets)


class NewestRows(Mapping[str, Sequence[Row]]):
    """Rows by kind of the newest good look, without the house's own. A kind is read when it is asked for, not before:
    what the scope register learns of takes two or three kinds of thirty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._good = frozenset(
            KindState.objects.filter(connection=connection, reason="", last_good__isnull=False)
            .exclude(fact_kind__in=HOUSE_KINDS).values_list("fact_kind", flat=True)
        )
        self._read: dict[str, Sequence[Row]] = {}

    def __getitem__(self, kind: str) -> Sequence[Row]:
        if kind not in self._good:
            raise KeyError(kind)
        if kind not in self._read:
            self._read[kind] = facts_of(self._connection, kinds=[kind]).sets[kind].rows
        return self._read[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._good

    def __iter__(self) -> Iterator[str]:
        return iter(self._good)

    def __len__(self) -> int:
        return len(self._good)


def _states(connection: Connection, kinds: Collection[str] | None) -> list[KindState]:
    states = KindState.objects.filter(connection=connection).select_related("last_good__version")
    return list(states if kinds is None else states.filter(fact_kind__in=list(kinds)))


def _part(connection: Connection, kind: FactKind, state: KindState) -> tuple[Row, ...]:
    """What was pushed of a list that is not whole, where that is the newest look: what fails in it fails."""
    if kind.shape is None or state.last_looked_at is None:
        return ()
    newest = Snapshot.objects.select_related("version").filter(
        connection=connection, fact_kind=kind.id, collected_at=state.last_looked_at
    ).exclude(step__reason="").order_by("-id").first()
    return tuple(set_of_looks(connection, kind, [newest.version.sha256], newest.collected_at).rows) if newest else ()


def _set(connection: Connection, kind: FactKind, snapshot: Snapshot, seen_at: datetime) -> FactSet:
    """Rows of a snapshot as it was seen at a time; of an incremental kind, of all snapshots up to it, since each brought only
    what was new."""
    if kind.incremental:
        earlier = Snapshot.objects.filter(
            connection=connection, fact_kind=kind.id, collected_at__lte=snapshot.collected_at
        ).order_by("collected_at", "id")
        digests = list(earlier.values_list("version__sha256", flat=True))
    else:
        digests = [snapshot.version.sha256]
    return set_of_looks(connection, kind, digests, seen_at)


def set_of_looks(connection: Connection, kind: FactKind, digests: Sequence[str], at: datetime) -> FactSet:
    """What kept files say, in their order: one file, or of an incremental kind all up to a moment."""
    if kind.incremental:  # read one page at a time: they may be a year of them
        return FactSet(kind.id, tuple(kind.rows(Stored(digests))), at, can_be_empty=kind.can_be_empty)
    pages = _pages_of(connection, digests)
    return FactSet(
        kind.id, tuple(kind.rows(pages)), at, can_be_empty=kind.can_be_empty, estates=kind.estates(pages)
    )


def _pages_of(connection: Connection, digests: Sequence[str]) -> list[Page]:
    room = str(connection.organization_id)
    return [page for digest in digests for page in _pages(room, digest)]


@lru_cache(maxsize=256)
def _pages(organization_id: str, sha256: str) -> tuple[Page, ...]:
    """Content-addressed, so it never goes out of date. The organisation is part of the key: no room reads another's."""
    return tuple(unpacked(sha256))
