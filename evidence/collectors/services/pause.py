"""A run at its vendor's limit: put back in the queue for when the limit resets, with what it has read in hand."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record

from ..base import CollectionError
from ..models import Run, RunState, RunStep, StepState
from .lease import LeaseLost
from .steps import Looked

#: A limit that resets in a moment is met by a pause all the same: of at least so long.
SHORTEST = timedelta(seconds=60)
#: What a vendor may ask for. Nobody waits longer: then the step is unknown, and the next run goes on.
LONGEST = timedelta(hours=24)
#: Pauses of one run: a first collection of eighty thousand calls at five thousand an hour takes sixteen.
MOST = 60


class Paused(Exception):
    """The run has to wait for the vendor: `error` says for how long, `step` is where it stopped, `looked` what it holds."""

    def __init__(self, step: RunStep, looked: Looked, error: CollectionError) -> None:
        super().__init__(error.message)
        self.step, self.looked, self.error = step, looked, error


def may_pause(run: Run, error: CollectionError | None, *, came_on: bool) -> bool:
    """Whether waiting helps: the vendor says until when, and since the last pause the run came on."""
    wait = error.retry_after if error is not None and error.reason == "rate_limited" else None
    if wait is None or timedelta(seconds=wait) > LONGEST or run.pauses >= MOST:
        return False
    return came_on or not run.pauses


@transaction.atomic
def pause_run(*, run_id: UUID, worker: str, paused: Paused) -> Run:
    """Put a run back until the vendor's limit has reset. Raises LeaseLost where another worker has it."""
    run = Run.objects.select_for_update(of=("self",)).select_related("connection").get(pk=run_id)
    if run.state != RunState.RUNNING or run.worker != worker:
        raise LeaseLost(str(run_id))
    wait = max(SHORTEST, timedelta(seconds=paused.error.retry_after or 0))
    run.state, run.due_at, run.lease_until, run.worker = RunState.DUE, now() + wait, None, ""
    run.attempt, run.pauses, run.pause_note = max(0, run.attempt - 1), run.pauses + 1, paused.error.message[:300]
    run.save(update_fields=["state", "due_at", "lease_until", "worker", "attempt", "pauses", "pause_note"])
    RunStep.objects.filter(pk=paused.step.pk).update(state=StepState.WAITING, calls=paused.looked.made)
    record(
        actor=SYSTEM, action="evidence.run.paused", target=run,
        after={"until": run.due_at, "fact_kind": paused.step.fact_kind, "why": run.pause_note},
    )
    return run
