"""From kept snapshots to the looks of a period: what each connection saw of a fact kind, when, and what it missed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from evidence.checks.base import APART, Row
from evidence.collectors.base import FactKind, Page
from evidence.collectors.models import Connection, Snapshot
from evidence.collectors.pages import Stored, unpacked
from evidence.collectors.registry import kind_of

from .counting import COUNTS
from .given import Look, System, instant
from .spans import Period, Watch


@dataclass(frozen=True)
class Watched:
    """One fact kind of one connection: its looks, how they lie in time, the newest call, and the raw second count."""

    kind: FactKind
    looks: tuple[Look, ...]
    watch: Watch
    call: str
    identity: str
    digest: str
    total: int | None


def watched(connection: Connection, kind_id: str, period: Period) -> Watched:
    """What a connection saw of a fact kind that bears on a period: the looks in it, the last before and the first after."""
    kind = kind_of(connection.vendor, kind_id)
    snapshots = _bearing(connection, kind, period)
    looks, pages = _followed(kind, snapshots) if kind.incremental else (_states(kind, snapshots, period), ())
    digests = hashlib.sha256("".join(each.version.sha256 for each in snapshots).encode()).hexdigest()
    said = snapshots[-1].version.provenance if snapshots else {}
    whole = [at for each in snapshots if not each.step.reason for at in each.looks]
    good = whole if kind.incremental else [look.at for look in looks]
    watch = Watch(
        f"{connection.name}, {kind.title.lower()}", good, timedelta(minutes=connection.every_minutes),
        back=kind.back if kind.incremental else None, lost=tuple(_lost(pages)),
    )  # fmt: skip
    count = COUNTS.get(kind_id)
    return Watched(
        kind, looks, watch, str(said.get("call", "")), str(said.get("identity", "")), digests,
        count(pages, period) if count and snapshots else None,
    )  # fmt: skip


def _bearing(connection: Connection, kind: FactKind, period: Period) -> list[Snapshot]:
    """In order of time. Of a list that is followed also what was kept of a look that broke off: it is part of the list."""
    found = Snapshot.objects.filter(connection=connection, fact_kind=kind.id).select_related("version", "step")
    if kind.incremental:
        return list(found.order_by("collected_at", "id"))
    good = found.filter(step__reason="")
    before = good.filter(collected_at__lte=period.starts).order_by("-collected_at", "-id")[:1]
    after = good.filter(collected_at__gte=period.ends).order_by("collected_at", "id")[:1]
    within = good.filter(collected_at__gt=period.starts, collected_at__lt=period.ends).order_by("collected_at", "id")
    return [*before, *within, *after]


def _followed(kind: FactKind, snapshots: Sequence[Snapshot]) -> tuple[tuple[Look, ...], Sequence[Page]]:
    pages = Stored([each.version.sha256 for each in snapshots])
    return ((Look(snapshots[-1].looks[-1], tuple(kind.rows(pages))),) if snapshots else ()), pages


def _states(kind: FactKind, snapshots: Sequence[Snapshot], period: Period) -> tuple[Look, ...]:
    """The same bytes are read once: a year of unchanged answers is one reading. Of looks outside the period no more than
    the last before and the first after it."""
    rows: dict[str, tuple[Row, ...]] = {}
    for each in snapshots:
        if each.version.sha256 not in rows:
            rows[each.version.sha256] = tuple(kind.rows(unpacked(each.version.sha256)))
    looks = [Look(at, rows[each.version.sha256]) for each in snapshots for at in each.looks]
    before = [look for look in looks if look.at <= period.starts][-1:]
    within = [look for look in looks if period.starts < look.at < period.ends]
    return (*before, *within, *[look for look in looks if look.at >= period.ends][:1])


def _lost(pages: Sequence[Page]) -> Iterator[tuple[datetime, datetime]]:
    """Stretches that the source no longer kept when the collector came back (`not_kept` of its first page)."""
    for page in pages:
        told: Any = page.parameters.get("not_kept")
        if isinstance(told, dict):
            starts, ends = instant(told.get("from")), instant(told.get("to"))
            if starts and ends:
                yield starts, ends


def systems_of(connection: Connection, kinds: Sequence[Watched]) -> list[System]:
    """A connection as builders see it: one system, or one for each account where it sees several. Two accounts may each
    have a user of one name."""
    by = APART.get(connection.vendor, "")
    rows = (row for each in kinds for look in each.looks for row in look.rows)
    accounts = sorted({str(row[by]) for row in rows if row.get(by)}) if by else []
    if len(accounts) < 2:
        return [System(connection.slug, connection.name, connection.vendor, {each.kind.id: each.looks for each in kinds})]
    return [
        System(
            f"{connection.slug}/{account}", f"{connection.name}, account {account}", connection.vendor,
            {each.kind.id: tuple(_of(look, by, account) for look in each.looks) for each in kinds},
        )
        for account in accounts
    ]  # fmt: skip


def _of(look: Look, by: str, account: str) -> Look:
    return replace(look, rows=tuple(row for row in look.rows if str(row.get(by)) == account))
