"""What a step under way has read, kept page by page with its cursor: whoever goes on begins behind the last page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from compliance.tenancy.clock import now
from compliance.tenancy.writing import update_rows

from ..base import FactKind, Page
from ..cursors import State, apart, together, told_by
from ..models import Cursor, PageInHand, RunStep
from ..spool import pressed, unpressed

#: Seconds of reading, and pages, that are kept together.
EVERY, TOGETHER = 2.0, 20


def cursor_of(connection_id: UUID, kind: FactKind) -> dict[str, Any] | None:
    """Where a kind goes on: from what is kept, or from where the run under way has come to."""
    rows = Cursor.objects.filter(connection=connection_id, fact_kind=kind.id)
    reached = rows.annotate(reached=Coalesce("ahead", "state")).values_list("source", "reached")
    return together({source: state for source, state in reached if state is not None}, kind.parts)


def pages_in_hand(step: RunStep) -> Iterator[Page]:
    """The pages that were read of a step, in their order."""
    bodies = PageInHand.objects.filter(step=step).order_by("number").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=8):
        yield unpressed(bytes(body))


class Progress:
    """One step's pages and cursor on their way to the database, some at a time: a page alone would cost as much as its call.

    What has not moved since the last time is not written. Whoever takes over a step reads again what was not kept, which is
    what was read in EVERY seconds.
    """

    def __init__(self, step: RunStep, connection_id: UUID, kind: FactKind, cursor: Mapping[str, Any] | None, held: int) -> None:
        self._step, self._connection, self._kind, self._held = step, connection_id, kind, held
        self._written = _texts(apart(cursor, kind.parts))
        self._waiting: list[Page] = []
        self._kept_at = time.monotonic()

    def take(self, page: Page) -> bool:
        """A page that was read; returns whether it is time to keep what waits."""
        self._waiting.append(page)
        return time.monotonic() - self._kept_at >= EVERY or len(self._waiting) >= TOGETHER

    @property
    def waits(self) -> bool:
        """Whether pages were read that are not kept yet."""
        return bool(self._waiting)

    @transaction.atomic
    def keep(self, cursor: Mapping[str, Any] | None, calls: int) -> None:
        """Keep the pages that wait, and how far the reading has come with them. `calls`: how many the step has made so far."""
        PageInHand.objects.bulk_create(
            PageInHand(step=self._step, number=self._held + number, body=pressed(page))
            for number, page in enumerate(self._waiting)
        )
        self._held += len(self._waiting)
        self._waiting.clear()
        self.move(cursor)
        RunStep.objects.filter(pk=self._step.pk).update(calls=calls)
        self._kept_at = time.monotonic()

    def move(self, cursor: Mapping[str, Any] | None) -> None:
        """Keep how far the reading has come. Only with the pages that it has come past: kept, or in a step that ends now."""
        states = apart(cursor, self._kind.parts)
        texts = _texts(states)
        moved = [source for source, text in texts.items() if self._written.get(source) != text]
        if moved:
            write_ahead(self._connection, self._kind.id, {source: states[source] for source in moved})
            self._written |= {source: texts[source] for source in moved}


def write_ahead(connection_id: UUID, kind_id: str, states: Mapping[str, State]) -> None:
    """Say how far a run under way has come with its sources."""
    moment = now()
    rows = [
        Cursor(connection_id=connection_id, fact_kind=kind_id, source=source[:300], ahead=state, moved_at=moment)
        for source, state in states.items()
    ]
    Cursor.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organization", "connection", "fact_kind", "source"],
        update_fields=["ahead", "moved_at"],
    )  # fmt: skip


def end_reading(step: RunStep, connection_id: UUID, kind: FactKind, *, kept: bool) -> None:
    """A step has ended: where what it read is kept its cursors stand where it came to, else where they stood. Its pages go."""
    if kept:
        _settle_cursors(connection_id, kind)
    else:
        _forget_ahead(connection_id, kind)
    PageInHand.objects.filter(step=step).delete()


def _settle_cursors(connection_id: UUID, kind: FactKind) -> None:
    """What was read ahead is kept now: the cursors stand where it ends."""
    rows = list(Cursor.objects.filter(connection=connection_id, fact_kind=kind.id, ahead__isnull=False))
    for row in rows:
        row.state, row.ahead = row.ahead, None
        said = told_by(row.state)
        row.collected_from, row.complete_to, row.rows = said.collected_from, said.complete_to, said.rows
    update_rows(rows, ["state", "ahead", "collected_from", "complete_to", "rows"])


def _forget_ahead(connection_id: UUID, kind: FactKind) -> None:
    """What was read ahead is not kept, so it is read again."""
    ahead = Cursor.objects.filter(connection=connection_id, fact_kind=kind.id, ahead__isnull=False)
    ahead.filter(state__isnull=True).delete()
    ahead.update(ahead=None)


def _texts(states: Mapping[str, State]) -> dict[str, str]:
    return {source: json.dumps(state, sort_keys=True, default=str) for source, state in states.items()}
