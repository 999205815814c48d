"""Who works on a run: claimed under a row lock, held by a heartbeat, free again when the lease lapses."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from compliance.tenancy.clock import now

from ..models import Run, RunState

LEASE = timedelta(seconds=90)
BEAT = timedelta(seconds=15)
ATTEMPTS = 5


class LeaseLost(Exception):
    """Another worker took the run over; whoever meets this stops without writing."""


@transaction.atomic
def claim_run(*, run_id: UUID, worker: str) -> Run | None:
    """Take a run, or None where it is finished, held by another, locked at this moment, paused until later, or of a retired connection."""
    run = Run.objects.select_for_update(skip_locked=True, of=("self",)).select_related("connection").filter(pk=run_id).first()
    if run is None or run.state == RunState.FINISHED or run.connection.retired_at is not None:
        return None
    moment = now()
    if run.state == RunState.RUNNING and run.lease_until is not None and run.lease_until >= moment:
        return None
    if run.state == RunState.DUE and run.due_at > moment:
        return None
    run.state = RunState.RUNNING
    run.worker = worker
    run.attempt += 1
    run.started_at = run.started_at or moment
    run.lease_until = moment + LEASE
    run.save(update_fields=["state", "worker", "attempt", "started_at", "lease_until"])
    return run


def hold_run(*, run_id: UUID, worker: str, calls: int = 0) -> None:
    """Say that the worker lives. Raises LeaseLost where the run is another's by now."""
    held = Run.objects.filter(pk=run_id, worker=worker, state=RunState.RUNNING).update(
        lease_until=now() + LEASE, calls=F("calls") + calls
    )
    if not held:
        raise LeaseLost(str(run_id))
