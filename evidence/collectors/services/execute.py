"""A run from claim to end, in several short rooms: network calls happen outside any transaction (decisions, 16)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason

from ..base import Call, CollectionError, Context, FactKind, Vendor
from ..contexts import context_for
from ..house import HOUSE_KINDS
from ..models import KindState, Run, RunStep, StepState
from ..registry import vendor_of
from .finish import finish_run
from .lease import ATTEMPTS, BEAT, LeaseLost, claim_run, hold_run
from .steps import Looked, begin_step, finish_step


def execute_run(*, organization_id: UUID, run_id: UUID, worker: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Collect one run; returns whether this worker did. Steps already done by an earlier worker are not done again."""
    organization = Organization.objects.get(pk=organization_id)
    with scope(organization):
        run = claim_run(run_id=run_id, worker=worker)
        if run is None:
            return False
        context = context_for(run.connection, sleep=sleep)
        steps = list(run.steps.exclude(state=StepState.DONE))
        cursors = dict(KindState.objects.filter(connection=run.connection).values_list("fact_kind", "cursor"))
        exhausted = run.attempt > ATTEMPTS
    worker_of = _Work(organization, run, worker, vendor_of(run.connection.vendor), context, cursors)
    try:
        if exhausted:
            worker_of.give_up(steps)
        else:
            worker_of.collect(steps)
    except LeaseLost:
        return False
    with scope(organization):
        finish_run(run_id=run_id, worker=worker, identity=worker_of.identity)
    return True


class _Work:
    """One worker's hold on one run."""

    def __init__(
        self, organization: Organization, run: Run, worker: str, vendor: Vendor, context: Context, cursors: dict[str, Any]
    ) -> None:
        self.organization, self.run, self.worker = organization, run, worker
        self.vendor, self.context, self.cursors = vendor, context, cursors
        self.identity = ""
        self.calls: list[Call] = []
        self.beaten_at = time.monotonic()
        self.counted = 0
        context.log = self.note

    def note(self, call: Call) -> None:
        """Called after each request: the log grows, and now and then the lease is held on to."""
        self.calls.append(call)
        if time.monotonic() - self.beaten_at >= BEAT.total_seconds():
            self.beat()

    def beat(self) -> None:
        with scope(self.organization):
            hold_run(run_id=self.run.pk, worker=self.worker)
        self.beaten_at = time.monotonic()

    def collect(self, steps: list[RunStep]) -> None:
        session, refused = self._open()
        try:
            for step in steps:
                self._step(step, session, refused)
        finally:
            if session is not None:
                session.close()

    def give_up(self, steps: list[RunStep]) -> None:
        """Too many workers died on this run: end it as unreadable rather than try for ever."""
        error = CollectionError(
            Reason.UNREACHABLE, f"Given up after {ATTEMPTS} attempts: each worker stopped in the middle.",
            remedy="Look at the workers' log and memory, then run it again.",
        )
        for step in steps:
            self._step(step, None, error)

    def _open(self) -> tuple[Any, CollectionError | None]:
        try:
            session = self.vendor.open(self.context)
        except CollectionError as error:
            return None, error
        try:
            self.identity = self.vendor.identity(session, self.context)
        except CollectionError:
            self.identity = ""
        self.calls.clear()
        return session, None

    def _step(self, step: RunStep, session: Any, refused: CollectionError | None) -> None:
        kind = HOUSE_KINDS.get(step.fact_kind) or self.vendor.kind(step.fact_kind)
        with scope(self.organization):
            hold_run(run_id=self.run.pk, worker=self.worker)
            begin_step(step)
        if step.fact_kind in HOUSE_KINDS:
            with scope(self.organization):
                looked = self._look(kind, None)
        elif refused is not None:
            looked = Looked(kind, now(), error=refused)
        else:
            looked = self._look(kind, session)
        with looked.pages, scope(self.organization):
            hold_run(run_id=self.run.pk, worker=self.worker, calls=len(looked.calls))
            finish_step(run=self.run, step=step, looked=looked, identity=self.identity)

    def _look(self, kind: FactKind, session: Any) -> Looked:
        """Collect one kind. Whatever a vendor's answer does to our code is an unknown of this kind, not a dead run."""
        looked = Looked(kind, now())
        self.context.cursor = self.cursors.get(kind.id)
        self.context.next_cursor, self.context.partly = None, []
        before = len(self.calls)
        try:
            for page in kind.collect(session, self.context):
                looked.pages.append(page)
        except CollectionError as error:
            looked.error = error
        except LeaseLost:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, LookupError) as fault:
            looked.error = CollectionError(
                Reason.MALFORMED, f"The answer could not be read: {fault!r}",
                remedy="The vendor answered in a form that Fieldwork does not know. Report it with the run's number.",
            )
        looked.calls = self.calls[before:]
        looked.cursor, looked.partly = self.context.next_cursor, self.context.partly
        return looked
