"""The end of a connection, by a decision."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from compliance.tenancy.clock import now
from compliance.tenancy.contributors import Contributors
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ...events import connection_retired
from ..models import Connection, Health, Run, RunOutcome, RunState, StepState
from .connect import locked
from .sightings import log_sightings

LONGEST_REASON = 300
#: What floors above know against it: a sentence, empty where nothing stands in the way.
in_the_way: Contributors[Callable[[Connection], str]] = Contributors()


class InTheWayError(ValidationError):
    """Something stands against retiring it; the message says what."""


@transaction.atomic
def retire_connection(*, actor: Actor, connection: Connection, reason: str) -> Connection:
    """Take a connection out of use for good: its checks count no more, its accepted gaps close with the reason, its secret is destroyed.

    What it brought stays evidence of its days; a run under way ends. Raises ValidationError without a reason and for a
    connection that is retired, InTheWayError while something stands `in_the_way`: a failure goes with nobody's word alone.
    """
    said = reason.strip()
    if not said:
        raise ValidationError({"reason": "Say why it is retired. What it found counts no more, and an auditor will ask."})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": f"Say it in {LONGEST_REASON} characters."})
    if standing := " ".join(filter(None, (says(connection) for says in in_the_way))):
        raise InTheWayError({"reason": standing})
    _end_runs(Run.objects.select_for_update(of=("self",)), connection)
    connection = locked(connection)
    _end_runs(Run.objects.select_for_update(of=("self",), skip_locked=True), connection)  # one asked for between the two locks
    before = {"active": connection.active, "health": connection.health}
    connection.active, connection.health, connection.health_note = False, Health.RETIRED, ""
    connection.retired_at, connection.retired_reason, connection.next_run_at = now(), said, None
    connection.secret = None
    connection.save()
    record(
        actor=actor, action="evidence.connection.retired", target=connection, before=before,
        after={"retired_at": connection.retired_at, "reason": said, "credentials": "destroyed"},
    )  # fmt: skip
    announce(connection_retired, connection_id=connection.pk)
    return connection


def _end_runs(locking: QuerySet[Run], connection: Connection) -> None:
    """Nothing more is taken in: a worker that holds one finds its lease gone, and one that waits has no credentials left. Of runs
    and their connection the run is locked first, as a worker does."""
    for run in locking.filter(connection=connection).exclude(state=RunState.FINISHED):
        steps = list(run.steps.values_list("state", flat=True))
        run.state, run.finished_at, run.lease_until, run.worker = RunState.FINISHED, now(), None, ""
        run.outcome = RunOutcome.PARTIAL if StepState.DONE in steps else RunOutcome.FAILED
        run.message = "The connection was retired before it ended."
        run.save()
        run.steps.filter(state=StepState.RUNNING).update(state=StepState.WAITING)
        log_sightings(run)
