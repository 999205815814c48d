"""One step of a run: what came of collecting one fact kind, written in one short transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from evidence.checks.base import Reason
from evidence.services.link import link_collected
from evidence.services.receive import collected_artefact, receive_version

from ..base import Call, CollectionError, FactKind, Page
from ..models import KindState, Run, RunStep, Snapshot, StepState
from ..pages import MEDIA_TYPE, packed

LOGGED = 200


@dataclass
class Looked:
    """What a collector brought of one kind: pages, or the error that ended it, and the calls it made."""

    kind: FactKind
    began_at: datetime
    pages: list[Page] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    error: CollectionError | None = None
    cursor: dict[str, Any] | None = None


@transaction.atomic
def begin_step(step: RunStep) -> None:
    """The page shows it running."""
    RunStep.objects.filter(pk=step.pk).update(state=StepState.RUNNING, started_at=now())


@transaction.atomic
def finish_step(*, run: Run, step: RunStep, looked: Looked, identity: str) -> None:
    """Keep what was seen, or why it was not. A step that is done stays as it is: a second worker adds nothing."""
    step = RunStep.objects.select_for_update().get(pk=step.pk)
    if step.state == StepState.DONE:
        return
    rows: Sequence[Any] = ()
    if looked.error is None:
        try:
            rows = list(looked.kind.rows(looked.pages))
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            looked.error = CollectionError(Reason.MALFORMED, f"The answer could not be read: {fault!r}", remedy=_REPORT)
    if looked.error is None:
        _keep(run, step, looked, len(rows), identity)
    _mark(run, step, looked, len(rows))
    step.state = StepState.DONE
    step.finished_at = now()
    step.rows = len(rows)
    step.calls = len(looked.calls)
    step.log = [asdict(call) | {"parameters": dict(call.parameters)} for call in looked.calls[:LOGGED]]
    if looked.error is not None:
        step.reason, step.message = looked.error.reason, looked.error.message
        step.remedy, step.permission = looked.error.remedy, looked.error.permission
    step.save()


_REPORT = "The vendor answered in a form that Fieldwork does not know. Report it with the run's number."


def _keep(run: Run, step: RunStep, looked: Looked, rows: int, identity: str) -> None:
    connection = run.connection
    artefact = collected_artefact(
        actor=SYSTEM, connection_id=connection.pk, fact_kind=looked.kind.id, vendor=connection.vendor,
        title=f"{connection.name}: {looked.kind.title}",
    )
    version = receive_version(
        actor=SYSTEM, artefact=artefact, content=packed(looked.kind, looked.pages),
        filename=f"{connection.slug}.{looked.kind.id}.json.gz", media_type=MEDIA_TYPE,
        effective_start=looked.began_at, effective_end=max(now(), looked.began_at),
        provenance={
            "collector": looked.kind.id, "collector_version": looked.kind.version, "connection": connection.slug,
            "vendor": connection.vendor, "run": run.number, "identity": identity, "rows": rows, "calls": len(looked.calls),
            "call": looked.pages[0].call if looked.pages else "", "parameters": dict(looked.pages[0].parameters) if looked.pages else {},
        },
    )
    Snapshot.objects.create(
        connection=connection, step=step, version=version, fact_kind=looked.kind.id,
        collected_at=version.effective_end, rows=rows,
    )
    link_collected(actor=SYSTEM, artefact=artefact, fact_kind=looked.kind.id)


def _mark(run: Run, step: RunStep, looked: Looked, rows: int) -> None:
    """Where this kind stands now. What was good before stays; an error only says since when it cannot be read."""
    state, _ = KindState.objects.get_or_create(connection=run.connection, fact_kind=looked.kind.id)
    state.last_looked_at = now()
    if looked.error is None:
        snapshot = Snapshot.objects.get(step=step)
        state.last_good, state.last_good_at = snapshot, snapshot.collected_at
        state.reason = state.message = state.remedy = ""
        state.unreadable_since = None
        state.cursor = looked.cursor if looked.cursor is not None else state.cursor
    else:
        state.reason, state.message, state.remedy = looked.error.reason, looked.error.message, looked.error.remedy
        state.unreadable_since = state.unreadable_since or now()
    state.save()
