"""From when on a look at a list that grows brought everything: a look after an outage reads back what lay between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..base import FactKind, Page
from ..cursors import moment_of, told_by
from ..models import Connection, Cursor


def read_from(connection: Connection, kind: FactKind, pages: Sequence[Page], began_at: datetime) -> datetime:
    """The moment from which on this look holds, with what was kept before it, all that happened in every source.

    Where each source was complete before, or its first reading began; the latest of them, and not before what the source
    no longer kept. The beginning of the look itself where that cannot be said: of a state, and where a source was not read
    to its end this time.
    """
    rows = list(Cursor.objects.filter(connection=connection, fact_kind=kind.id)) if kind.incremental else []
    begins = [_begins(row) for row in rows] + [lost for page in pages[:1] if (lost := _kept_since(page))]
    known = [each for each in begins if each is not None]
    return min(began_at, max(known)) if rows and len(known) == len(begins) else began_at


def _begins(row: Cursor) -> datetime | None:
    """From when on this look has read a source; None where it did not come to its end."""
    before, after = told_by(row.state), told_by(row.ahead)
    if after.complete_to is None or (before.complete_to is not None and after.complete_to <= before.complete_to):
        return None
    return max((each for each in (before.complete_to, after.collected_from) if each), default=None)


def _kept_since(page: Page) -> datetime | None:
    lost = page.parameters.get("not_kept")
    return moment_of(lost.get("to")) if isinstance(lost, dict) else None
