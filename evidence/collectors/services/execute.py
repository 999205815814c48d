"""A run from claim to end, in several short rooms: network calls happen outside any transaction (decisions, 16)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason

from ..ahead import Ahead
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
        self.lost = False
        context.log = self.note

    def note(self, call: Call) -> None:
        """Called after each request, in the thread that looks: the log grows. A run that was lost is looked at no further."""
        if self.lost:
            raise LeaseLost(str(self.run.pk))
        self.calls.append(call)

    def beat(self) -> None:
        """Hold on to the lease while a look takes long."""
        try:
            with scope(self.organization):
                hold_run(run_id=self.run.pk, worker=self.worker)
        except LeaseLost:
            self.lost = True
            raise

    def collect(self, steps: list[RunStep]) -> None:
        """Each kind in turn. While one is looked at, what came of the one before it is written."""
        session, refused = self._open()
        ahead: Ahead[Looked] = Ahead()
        written: tuple[RunStep, Looked] | None = None
        try:
            for step in steps:
                begun = None if refused or step.fact_kind in HOUSE_KINDS else ahead.begin(partial(self._look, self._kind(step), session))
                self._turn(step, written)
                looked = ahead.wait(begun, every=BEAT.total_seconds(), beat=self.beat) if begun else self._without_vendor(step, refused)
                written = step, looked
            self._turn(None, written)
        except BaseException:
            self.lost = True
            raise
        finally:
            ahead.close()
            if session is not None:
                session.close()

    def give_up(self, steps: list[RunStep]) -> None:
        """Too many workers died on this run: end it as unreadable rather than try for ever."""
        error = CollectionError(
            Reason.UNREACHABLE, f"Given up after {ATTEMPTS} attempts: each worker stopped in the middle.",
            remedy="Look at the workers' log and memory, then run it again.",
        )
        for step in steps:
            self._turn(step, None)
            self._turn(None, (step, self._without_vendor(step, error)))

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

    def _kind(self, step: RunStep) -> FactKind:
        return HOUSE_KINDS.get(step.fact_kind) or self.vendor.kind(step.fact_kind)

    def _turn(self, begun: RunStep | None, done: tuple[RunStep, Looked] | None) -> None:
        """One short room: what came of the last kind is written, and the page shows the next one running."""
        if done is None:
            with scope(self.organization):
                self._hold_and_begin(begun, 0)
            return
        step, looked = done
        with looked.pages, scope(self.organization):
            self._hold_and_begin(begun, len(looked.calls))
            finish_step(run=self.run, step=step, looked=looked, identity=self.identity)

    def _hold_and_begin(self, begun: RunStep | None, calls: int) -> None:
        hold_run(run_id=self.run.pk, worker=self.worker, calls=calls)
        if begun is not None:
            begin_step(begun)

    def _without_vendor(self, step: RunStep, refused: CollectionError | None) -> Looked:
        """What the house itself knows of a kind; else the refusal that holds for all kinds of the vendor."""
        if step.fact_kind not in HOUSE_KINDS:
            return Looked(self._kind(step), now(), error=refused)
        with scope(self.organization):
            return self._look(self._kind(step), None)

    def _look(self, kind: FactKind, session: Any) -> Looked:
        """Collect one kind. Whatever a vendor's answer does to our code is an unknown of this kind, not a dead run."""
        looked = Looked(kind, now())
        self.context.cursor = self.cursors.get(kind.id)
        self.context.next_cursor = None
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
        looked.cursor = self.context.next_cursor
        return looked
