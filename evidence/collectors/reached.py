"""How far each list that is followed has been read, as the connection's page and the API show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.fields.json import KeyTextTransform

from compliance.tenancy.clock import now

from .base import FactKind
from .cursors import moment_of
from .models import SPEAKS, Connection, Cursor, KindState
from .registry import vendor_of
from .retention import KEPT, Loss, Retention, Risk, loss_of

#: Sources that are named: those that are furthest behind.
NAMED = 5
#: A source that was read whole so long before another was not read when that was.
_LATE = timedelta(hours=6)


@dataclass(frozen=True)
class Reached:
    """One list that is followed. `complete_to` is where all of it is complete; `newest` its newest item, from which on, less
    the overlap, the next run asks again, each source from its own. `sources` counts its parts, `behind` names those that were
    not read whole when the others were. `under_way`: a run holds more already.
    """

    kind: FactKind
    collected_from: datetime | None
    complete_to: datetime | None
    newest: datetime | None
    rows: int
    sources: int
    behind: Sequence[str]
    under_way: bool
    loss: Loss | None

    @property
    def asks_from(self) -> datetime | None:
        return self.newest - self.kind.overlap if self.newest else None

    @property
    def kept(self) -> Retention | None:
        """For how long the source keeps it, where not for good."""
        return KEPT.get(self.kind.id)

    @property
    def warned(self) -> bool:
        return self.loss is not None and self.loss.risk is not Risk.NONE

    @property
    def earlier(self) -> str:
        """What there is of before: in words, as honest as it is."""
        if self.kept is not None:
            return f"earlier is not kept by {self.kept.keeper}"
        return f"earlier was not asked for: a first collection goes {self.kind.back.days} days back" if self.kind.back else ""


def reached_by(connection: Connection) -> list[Reached]:
    """Every followed list of a connection that has begun. Two queries."""
    states = {
        state.fact_kind: state for state in KindState.objects.filter(connection=connection).only("fact_kind", "last_good_at")
    }
    held: dict[str, list[Cursor]] = {}
    cursors = Cursor.objects.filter(connection=connection).annotate(to=KeyTextTransform("to", "state"))
    for cursor in cursors.order_by("complete_to", "source").defer("state"):
        held.setdefault(cursor.fact_kind, []).append(cursor)
    kinds = [kind for kind in vendor_of(connection.vendor).kinds if kind.incremental and kind.id in held]
    return [_reached(kind, held[kind.id], states.get(kind.id)) for kind in kinds]


def _reached(kind: FactKind, cursors: Sequence[Cursor], state: KindState | None) -> Reached:
    good = state.last_good_at if state else None
    ends = [cursor.complete_to for cursor in cursors if cursor.complete_to]
    unread = [cursor.source for cursor in cursors if cursor.complete_to is None]
    behind = [*unread, *(cursor.source for cursor in cursors if cursor.complete_to and cursor.complete_to + _LATE < max(ends))]
    newest = max((told for cursor in cursors if (told := moment_of(cursor.to))), default=None)  # type: ignore[attr-defined]
    return Reached(
        kind, min((cursor.collected_from for cursor in cursors if cursor.collected_from), default=None),
        None if unread else min(ends, default=None), newest, sum(cursor.rows for cursor in cursors),
        sum(1 for cursor in cursors if cursor.source), [source for source in behind if source][:NAMED],
        any(cursor.ahead is not None for cursor in cursors), loss_of(kind.id, good, now()),
    )  # fmt: skip


def running_out(moment: datetime | None = None) -> list[tuple[KindState, Loss]]:
    """In the room, every kind whose source will soon no longer keep what was not collected, or does not any more. Of a
    paused connection only as long as something can still be saved."""
    at = moment or now()
    states = KindState.objects.filter(SPEAKS, fact_kind__in=list(KEPT), last_good_at__isnull=False).select_related("connection")
    found = []
    for state in states.defer("connection__secret").order_by("connection__name", "fact_kind"):
        loss = loss_of(state.fact_kind, state.last_good_at, at)
        if loss is not None and (loss.risk is Risk.NEAR or (loss.risk is Risk.LOST and state.connection.active)):
            found.append((state, loss))
    return found


def words_of(state: KindState, loss: Loss) -> str:
    """The danger in a sentence."""
    since, begins = f"{loss.since:%-d %B %Y}", f"{loss.begins:%-d %B %Y}"
    keeps = f"{loss.retention.keeper} keeps this for {loss.retention.days} days"
    if loss.risk is Risk.LOST:
        return f"{state.connection.name} was last read in full on {since}. {keeps}: since {begins} a day of it is lost each day."
    return f"{state.connection.name} was last read in full on {since}. {keeps}: what was not read by {begins} is lost for good."


