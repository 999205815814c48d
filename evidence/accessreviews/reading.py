"""From the newest good look of a connection to the accounts of a system, with what they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compliance.registers.models import System
from compliance.registers.selectors import scope_rows
from evidence.checks.base import Facts, Row, Unreadable
from evidence.collectors.facts import NewestRows, facts_of
from evidence.collectors.models import Connection, KindState, Snapshot
from evidence.collectors.registry import kind_of

from .accounts.base import Listing, Reading
from .accounts.catalogue import READINGS, reading_of
from .accounts.pushed import ACCOUNTS as PUSHED


class NoListError(ValueError):
    """There is no list of the system's accounts that could be relied on; the message says why, and what to do."""


@dataclass(frozen=True)
class Taken:
    """A list as collections show it. `name` is the system's at its vendor, `collected_at` of the oldest fact in it,
    `proof` the snapshot of its accounts."""

    reading: Reading
    name: str
    connection: Connection
    listing: Listing
    sources: Sequence[Snapshot]
    proof: Snapshot
    collected_at: datetime
    leaves_out: str


def newest_list(system: System, span: tuple[date, date], by: Connection | None = None) -> Taken:
    """The accounts of a system by the newest facts; of several connections that see it by the one that is named.

    Raises NoListError: what could not be read is no empty list.
    """
    told = reading_of(system.kind, system.external_id) or _pushed(system)
    if told is None:
        raise NoListError("No connection can read its accounts. Bring its list as CSV or XLSX, or have its own program push it.")
    reading, name = told
    connection = _connection_of(reading, name, by)
    if connection is None:
        raise NoListError("No active connection sees it. Connect it, or bring its list as CSV or XLSX.")
    states = _states(reading, connection)
    facts = facts_of(connection, kinds=list(states))
    try:
        rows = {kind: facts.rows(kind) for kind in reading.needs}
        extra, leaves_out = _extra(reading, facts)
        listing = reading.read({**rows, **extra, "org.scope": scope_rows()}, name, span)
    except Unreadable as gap:
        if reading.id == PUSHED:
            raise NoListError(f"No whole list of its accounts is the newest that {connection.name} pushed. Push it, whole.") from None
        raise NoListError(f"{connection.name} could not be read in full: {gap}. Put that right, or bring the list.") from None
    good = {kind: state.last_good for kind, state in states.items() if state.last_good and kind in {*rows, *extra}}
    seen = [state.last_good_at for kind, state in states.items() if kind in reading.needs and state.last_good_at]
    sources = [each for kind, last in good.items() for each in _snapshots(reading, connection, kind, last)]
    return Taken(
        reading, name, connection, listing, sources, good[reading.main], min(seen),
        leaves_out,
    )  # fmt: skip


def newest_at(reads: str, connection: Connection | None) -> datetime | None:
    """As at when a list would be that is taken now, without reading it; None where it cannot be said."""
    if connection is None or reads not in READINGS:
        return None
    needs = READINGS[reads].needs
    found = KindState.objects.filter(connection=connection, fact_kind__in=needs, reason="", last_good__isnull=False)
    times = [at for at in found.values_list("last_good_at", flat=True) if at is not None]
    return min(times) if len(times) == len(needs) else None


def _pushed(system: System) -> tuple[Reading, str] | None:
    """The source without an API that says of itself that it speaks of this system: by its reference, or by its name where no
    other system has that and none but this source says it."""
    if system.external_id:
        return None
    said = {slug: str(config.get("system") or "").strip().lower() for slug, config in
            Connection.objects.filter(vendor="push", active=True).values_list("slug", "config")}  # fmt: skip
    by_ref = [slug for slug, words in said.items() if words == system.ref.lower()]
    by_name = [slug for slug, words in said.items() if words == system.name.strip().lower()]
    if not by_ref and by_name and System.objects.filter(name__iexact=system.name.strip()).exclude(pk=system.pk).exists():
        return None
    found = by_ref or by_name
    return (READINGS[PUSHED], found[0]) if len(found) == 1 else None


def _connection_of(reading: Reading, name: str, by: Connection | None) -> Connection | None:
    found = Connection.objects.filter(vendor=reading.vendor, active=True).order_by("name", "id")
    if reading.id == PUSHED:
        return found.filter(slug=name).first()
    return next((each for each in sorted(found, key=lambda each: each != by) if reading.sees(NewestRows(each), name)), None)


def _states(reading: Reading, connection: Connection) -> dict[str, KindState]:
    wanted = (*reading.needs, *reading.helps)
    found = KindState.objects.filter(connection=connection, fact_kind__in=wanted).select_related("last_good__version")
    return {each.fact_kind: each for each in found}


def _extra(reading: Reading, facts: Facts) -> tuple[dict[str, Sequence[Row]], str]:
    """What helps and could be read, and a sentence for what could not."""
    rows: dict[str, Sequence[Row]] = {}
    lacking = []
    for kind in reading.helps:
        try:
            rows[kind] = facts.rows(kind)
        except Unreadable as gap:
            lacking.append(f"{kind_of(reading.vendor, kind).title} ({gap.reason.value.replace('_', ' ')})")
    return rows, f"Not on this list, because it could not be read: {', '.join(lacking)}." if lacking else ""


def _snapshots(reading: Reading, connection: Connection, kind: str, last: Snapshot) -> Sequence[Snapshot]:
    """Of a kind that is collected bit by bit, every bit."""
    if not kind_of(reading.vendor, kind).incremental:
        return [last]
    found = Snapshot.objects.filter(connection=connection, fact_kind=kind, collected_at__lte=last.collected_at)
    return list(found.select_related("version").order_by("collected_at", "id"))
