"""The end of a run: its outcome in sum, the connection's health, discoveries, and the news."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from compliance.registers.services import record_discoveries
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record

from ...events import run_finished
from ..facts import NewestRows
from ..house import HOUSE_KINDS
from ..models import Connection, Health, Run, RunOutcome, RunState, RunStep
from ..registry import vendor_of
from ..wording import in_words, name_in_words
from .lease import LeaseLost
from .sightings import let_go_of_steps, log_sightings


@transaction.atomic
def finish_run(*, run_id: UUID, worker: str, identity: str) -> Run:
    """End a run once. Raises LeaseLost where another worker has it."""
    run = Run.objects.select_for_update(of=("self",)).select_related("connection").get(pk=run_id)
    if run.state != RunState.RUNNING or run.worker != worker:
        raise LeaseLost(str(run_id))
    steps = [step for step in run.steps.all() if step.fact_kind not in HOUSE_KINDS]
    unread = [step for step in steps if step.reason]
    partly = [step for step in steps if step.message and not step.reason]
    run.state, run.finished_at, run.lease_until = RunState.FINISHED, now(), None
    run.identity = identity[:300] or run.identity
    run.outcome = _outcome(run, steps, unread, partly)
    totals = run.steps.aggregate(rows=Sum("rows"), calls=Sum("calls"))
    run.rows, run.calls = totals["rows"] or 0, totals["calls"] or 0
    run.message = _of_a_push(steps, unread) if run.is_pushed else _in_words(steps, unread, partly)
    run.save()
    log_sightings(run)
    held = Connection.objects.select_for_update(of=("self",)).get(pk=run.connection_id)  # it may have been paused or retired meanwhile
    _health(held, run, steps, unread, partly)
    if run.outcome != RunOutcome.FAILED:
        _discover(run.connection)
    record(
        actor=SYSTEM, action="evidence.run.finished", target=run,
        after={"outcome": run.outcome, "rows": run.rows, "calls": run.calls, "unread": [step.fact_kind for step in unread]},
    )
    let_go_of_steps(run)
    announce(run_finished, run_id=run.pk, connection_id=run.connection_id, kinds=run.kinds)
    return run


def _outcome(run: Run, steps: list[RunStep], unread: list[RunStep], partly: list[RunStep]) -> str:
    """Of a push that is not whole a part was taken in all the same."""
    if not unread and not partly:
        return RunOutcome.OK
    return RunOutcome.PARTIAL if run.is_pushed or len(unread) < len(steps) else RunOutcome.FAILED


def _of_a_push(steps: list[RunStep], unread: list[RunStep]) -> str:
    if unread:
        return unread[0].message
    rows = sum(step.rows for step in steps)
    return f"A whole list of {', '.join(step.fact_kind for step in steps)} was pushed: {rows} row{'' if rows == 1 else 's'}."


def _in_words(steps: list[RunStep], unread: list[RunStep], partly: list[RunStep]) -> str:
    if partly and not unread:
        return f"{len(partly)} of {len(steps)} kinds of fact were read in part. The first: {_said_of(partly[0])}"
    if not unread:
        return f"All {len(steps)} kinds of fact were read."
    return f"{len(unread)} of {len(steps)} kinds of fact could not be read. The first: {_said_of(unread[0])}"


def _said_of(step: RunStep) -> str:
    return f"“{name_in_words(step.fact_kind)}”, {in_words(step.message)}"


def _health(
    connection: Connection, run: Run, steps: list[RunStep], unread: list[RunStep], partly: list[RunStep]
) -> None:
    if not connection.active:
        pass  # it was paused or retired meanwhile, and says so
    elif run.outcome == RunOutcome.OK:
        connection.health, connection.health_note = Health.OK, ""
    else:
        connection.health = Health.DEGRADED if run.outcome == RunOutcome.PARTIAL else Health.FAILING
        connection.health_note = [*unread, *partly][0].message[:300]
    if len(unread) < len(steps) or not steps:
        connection.last_good_at = run.finished_at
    connection.save(update_fields=["health", "health_note", "last_good_at"])


def _discover(connection: Connection) -> None:
    """Tell the scope register what this connection sees. What it does not know waits there for a decision."""
    vendor = vendor_of(connection.vendor)
    record_discoveries(actor=SYSTEM, discovered_by=connection.name, found=vendor.discover(NewestRows(connection)))
