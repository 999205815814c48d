"""One step of a run: what came of collecting one fact kind, written in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM, Actor
from evidence.checks.base import Reason
from evidence.models import Origin
from evidence.services.link import link_collected
from evidence.services.receive import collected_artefact, receive_version
from evidence.storage import Held, store

from ..base import Call, CollectionError, FactKind
from ..models import KindState, Run, RunStep, Snapshot, StepState
from ..pages import MEDIA_TYPE
from ..spool import Spool, packed
from .progress import end_reading
from .reading import read_from
from .sightings import seen_again

#: Calls that a step's log holds.
LOGGED = 200


@dataclass(frozen=True)
class Sent:
    """How facts came that were pushed to us: as of when, who sent them, and what their provenance says of it."""

    as_of: datetime
    actor: Actor
    member: Membership | None
    told: Mapping[str, Any]


@dataclass
class Looked:
    """What a collector brought of one kind: pages, or the error that ended it, and the calls it made.

    `calls` are the first of them and those that failed, as far as the log goes; `made` is their number, with those of the
    workers before.
    `sent`: nobody collected it, it was pushed. An error beside its pages then says that they are a part of the list.
    """

    kind: FactKind
    began_at: datetime
    pages: Spool = field(default_factory=Spool)
    calls: list[Call] = field(default_factory=list)
    made: int = 0
    error: CollectionError | None = None
    partly: list[CollectionError] = field(default_factory=list)
    sent: Sent | None = None


def begin_step(step: RunStep) -> None:
    """The page shows it running."""
    RunStep.objects.filter(pk=step.pk).update(state=StepState.RUNNING, started_at=step.started_at or now())


@transaction.atomic(savepoint=False)  # whoever calls it stands in a room already, and what fails here fails there
def finish_step(*, run: Run, step: RunStep, looked: Looked, identity: str) -> None:
    """Keep what was seen, or why it was not. A step that is done stays as it is: a second worker adds nothing."""
    step = RunStep.objects.select_for_update().get(pk=step.pk)
    if step.state == StepState.DONE:
        return
    snapshot, seen_at = None, looked.sent.as_of if looked.sent else max(now(), looked.began_at)
    rows = _rows(looked) if looked.error is None or _worth_keeping(looked) else None
    if rows is not None:
        held = Held(*store(packed(looked.kind, looked.pages)))
        if looked.error is None and looked.sent is None:  # each push says who sent it, and is a version of its own
            step.same_as = seen_again(run=run, kind=looked.kind, sha256=held.sha256, identity=identity, at=seen_at)
        snapshot = step.same_as or _keep(run, step, looked, held, rows, identity, seen_at)
    if looked.kind.incremental:
        end_reading(step, run.connection_id, looked.kind, kept=rows is not None)
    _mark(run, looked, snapshot, seen_at)
    step.state = StepState.DONE
    step.finished_at = now()
    step.rows = rows or 0
    step.calls = looked.made
    step.log = [asdict(call) | {"parameters": dict(call.parameters)} for call in looked.calls]
    if looked.error is not None:
        step.reason, step.message = looked.error.reason, looked.error.message
        step.remedy, step.permission = looked.error.remedy, looked.error.permission
    elif looked.partly:  # read, but for a part that is unknown; its own facts say so
        first = looked.partly[0]
        step.message, step.remedy, step.permission = in_part(looked), first.remedy, first.permission[:200]
    step.save(update_fields=_OUTCOME)


_OUTCOME = ["state", "finished_at", "rows", "calls", "log", "reason", "message", "remedy", "permission", "same_as"]


def in_part(looked: Looked) -> str:
    """What is said of a kind of which a part could not be read; empty where it was read whole."""
    if looked.error is not None or not looked.partly:
        return ""
    several = f" ({len(looked.partly)} of this kind)" if len(looked.partly) > 1 else ""
    return f"Read in part. {looked.partly[0].message}{several}"


def _rows(looked: Looked) -> int | None:
    """How many rows the pages hold. None where they cannot be read, and then that is the step's error unless it has one."""
    try:
        return sum(1 for _ in looked.kind.rows(looked.pages))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        looked.error = looked.error or CollectionError(Reason.MALFORMED, f"The answer could not be read: {fault!r}", remedy=_REPORT)
        return None


def _worth_keeping(looked: Looked) -> bool:
    """Of a population the pages before an error: a first reading takes hours and goes on where it stopped (decisions, 26).
    Of what was pushed a part too: what fails in it fails."""
    return (looked.kind.incremental or looked.sent is not None) and bool(looked.pages)


_REPORT = "The vendor answered in a form that Fieldwork does not know. Report it with the run's number."


def _keep(
    run: Run, step: RunStep, looked: Looked, held: Held, rows: int, identity: str, seen_at: datetime
) -> Snapshot:
    """Receive the pages. Of a part nothing is claimed beyond the last good look, and no requirement is met by it alone."""
    connection, whole, sent = run.connection, looked.error is None, looked.sent
    actor = sent.actor if sent else SYSTEM
    artefact = collected_artefact(
        actor=actor, connection_id=connection.pk, fact_kind=looked.kind.id, vendor=connection.vendor,
        title=f"{connection.name}: {looked.kind.title}", source=Origin.PUSHED if sent else Origin.COLLECTOR,
    )
    ends = seen_at if whole else _last_good_at(run, looked.kind) or looked.began_at
    begins = read_from(connection, looked.kind, looked.pages, looked.began_at) if whole else looked.began_at
    version = receive_version(
        actor=actor, provided_by=sent.member if sent else None, artefact=artefact, content=held,
        filename=f"{connection.slug}.{looked.kind.id}.json.gz", media_type=MEDIA_TYPE,
        effective_start=min(begins, ends), effective_end=ends,
        provenance=_provenance(run, looked, rows, identity),
    )
    snapshot = Snapshot.objects.create(
        connection=connection, step=step, version=version, fact_kind=looked.kind.id, collected_at=seen_at, rows=rows,
    )
    if whole:
        link_collected(actor=actor, artefact=artefact, fact_kind=looked.kind.id)
    return snapshot


def _last_good_at(run: Run, kind: FactKind) -> datetime | None:
    return KindState.objects.filter(connection=run.connection, fact_kind=kind.id).values_list("last_good_at", flat=True).first()


def _provenance(run: Run, looked: Looked, rows: int, identity: str) -> dict[str, Any]:
    if looked.sent is not None:
        told = {**looked.sent.told, "fact_kind": looked.kind.id, "schema_version": looked.kind.version,
                "connection": run.connection.slug, "vendor": run.connection.vendor, "run": run.number, "rows": rows}  # fmt: skip
        return told if looked.error is None else told | {"incomplete": looked.error.reason}
    first = looked.pages[0] if looked.pages else None
    said = {
        "collector": looked.kind.id, "collector_version": looked.kind.version, "connection": run.connection.slug,
        "vendor": run.connection.vendor, "run": run.number, "identity": identity, "rows": rows, "calls": looked.made,
        "call": first.call if first else "", "parameters": dict(first.parameters) if first else {},
    }
    return said if looked.error is None else said | {"incomplete": looked.error.reason}


_STANDING = ["last_looked_at", "reason", "message", "remedy", "unreadable_since", "last_good", "last_good_at"]


def _mark(run: Run, looked: Looked, snapshot: Snapshot | None, seen_at: datetime) -> None:
    """Where this kind stands now. What was good before stays; an error only says since when it cannot be read."""
    state, _ = KindState.objects.get_or_create(connection=run.connection, fact_kind=looked.kind.id)
    state.last_looked_at = looked.sent.as_of if looked.sent else now()
    if looked.error is not None:
        state.reason, state.message, state.remedy = looked.error.reason, looked.error.message, looked.error.remedy
        state.unreadable_since = state.unreadable_since or now()
    elif snapshot is not None:
        state.last_good, state.last_good_at = snapshot, seen_at
        state.reason, state.message = "", in_part(looked)
        state.remedy = looked.partly[0].remedy if state.message else ""
        state.unreadable_since = None
    state.save(update_fields=_STANDING)
