"""Events that a source will soon no longer keep, and that nobody has collected: a gap before they are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from compliance.web.words import day
from evidence.collectors.models import KindState
from evidence.collectors.reached import running_out, words_of
from evidence.collectors.registry import kind_of
from evidence.collectors.retention import Loss, Risk, loss_of

from .causes import Found
from .standing_cause import Wanted

RUNS_OUT = "source.runs_out"


def causes_of_sources(controls: Mapping[str, Sequence[UUID]]) -> list[Wanted]:
    """One for each connection and kind. `controls`: those that a kind bears on, by its id."""
    return [_wanted(state, loss, controls.get(state.fact_kind, ())) for state, loss in running_out()]


def _wanted(state: KindState, loss: Loss, controls: Sequence[UUID]) -> Wanted:
    lost = loss.risk is Risk.LOST
    title = kind_of(state.connection.vendor, state.fact_kind).title
    return Wanted(
        rule=RUNS_OUT, subject=state.fact_kind, connection=state.connection, found=Found.UNKNOWN,
        title=f"{state.connection.name}: {'lost day by day' if lost else 'about to be lost'}: {title}"[:300],
        cause=words_of(state, loss),
        remedy="Collect it now: test the connection, resume it if it is paused, and run it.",
        facts_at=loss.since, since=loss.since, resources={state.fact_kind: words_of(state, loss)}, control_ids=list(controls),
        intervals_beyond=1 if lost else 0,
    )  # fmt: skip


def read_again(state: KindState | None) -> str | None:
    """The sentence that closes such a gap; None while the danger stands."""
    if state is None or state.last_good_at is None:
        return None
    loss = loss_of(state.fact_kind, state.last_good_at, state.last_good_at)
    return f"It was read in full on {day(state.last_good_at.date())}." if loss is None or loss.risk is Risk.NONE else None
