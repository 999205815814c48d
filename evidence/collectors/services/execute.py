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
from ..models import Run, RunStep, Snapshot, StepState
from ..pages import streamed
from ..registry import vendor_of
from ..validators import StoredValidators
from .finish import finish_run
from .lease import ATTEMPTS, BEAT, LeaseLost, claim_run, hold_run
from .pause import Paused, may_pause, pause_run
from .progress import Progress, cursor_of, pages_in_hand
from .steps import LOGGED, Looked, begin_step, finish_step


def execute_run(*, organization_id: UUID, run_id: UUID, worker: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Collect one run; returns whether this worker did. Steps already done by an earlier worker are not done again, and of
    a step under way the pages that it had read are in hand. At the vendor's limit the run is paused instead."""
    organization = Organization.objects.get(pk=organization_id)
    with scope(organization):
        run = claim_run(run_id=run_id, worker=worker)
        if run is None:
            return False
        stored = StoredValidators(organization, run.connection_id)
        context = context_for(run.connection, sleep=sleep, validators=stored)
        steps = list(run.steps.all())
        exhausted = run.attempt > ATTEMPTS
    work = _Work(organization, run, worker, vendor_of(run.connection.vendor), context)
    try:
        waiting = work.recall(steps)
        if exhausted:
            work.give_up(waiting)
        else:
            work.collect(waiting)
        with scope(organization):
            finish_run(run_id=run_id, worker=worker, identity=work.identity)
    except LeaseLost:
        return False
    except Paused as paused:
        return _paused(organization, run_id, worker, paused)
    finally:
        stored.flush()
    return True


def _paused(organization: Organization, run_id: UUID, worker: str, paused: Paused) -> bool:
    try:
        with scope(organization):
            pause_run(run_id=run_id, worker=worker, paused=paused)
    except LeaseLost:
        return False
    return True


class _Work:
    """One worker's hold on one run."""

    def __init__(self, organization: Organization, run: Run, worker: str, vendor: Vendor, context: Context) -> None:
        self.organization, self.run, self.worker = organization, run, worker
        self.vendor, self.context = vendor, context
        self.identity = ""
        self.calls: list[Call] = []
        self.made = 0
        self.came_on = False
        self.hold: Progress | None = None
        self.beaten_at = time.monotonic()
        context.log = self.note

    def note(self, call: Call) -> None:
        """Called after each request: the log grows, up to its bound, and now and then the lease is held on to."""
        self.made += 1
        if len(self.calls) < LOGGED:
            self.calls.append(call)
        elif call.error:
            self.calls[-1] = call
        if time.monotonic() - self.beaten_at >= BEAT.total_seconds():
            self.beat()

    def beat(self) -> None:
        with scope(self.organization):
            hold_run(run_id=self.run.pk, worker=self.worker)
        self.beaten_at = time.monotonic()

    def recall(self, steps: list[RunStep]) -> list[RunStep]:
        """The steps that are still to be done. What kinds of this run share is read back from those that are."""
        done = [step for step in steps if step.state == StepState.DONE]
        waiting = [step for step in steps if step.state != StepState.DONE]
        shared = {kind.id: kind for kind in self.vendor.kinds if kind.recall is not None}
        for step in done if waiting else ():
            kind = shared.get(step.fact_kind)
            if kind is not None and kind.recall is not None and not step.reason:
                with scope(self.organization):
                    digest = Snapshot.objects.filter(step=step).values_list("version__sha256", flat=True).first()
                    if digest:
                        kind.recall(streamed(digest), self.context)
        return waiting

    def _kind(self, step: RunStep) -> FactKind:
        return HOUSE_KINDS.get(step.fact_kind) or self.vendor.kind(step.fact_kind)

    def collect(self, steps: list[RunStep]) -> None:
        session, refused = self._open()
        try:
            for step in steps:
                self._step(step, session, refused)
        finally:
            if session is not None:
                session.close()

    def give_up(self, steps: list[RunStep]) -> None:
        """Too many workers died on this run: end it as unreadable rather than try for ever. What they had read stays."""
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
        return session, None

    def _step(self, step: RunStep, session: Any, refused: CollectionError | None) -> None:
        kind = self._kind(step)
        with scope(self.organization):
            begin_step(step)
        self.calls, self.made, self.hold = [], 0, None
        looked = self._resumed(kind, step)
        if step.fact_kind in HOUSE_KINDS:
            with scope(self.organization):
                self._look(looked, step, None)
        elif refused is not None:
            looked.error = refused
        else:
            self._look(looked, step, session)
        with looked.pages:
            came_on = self.came_on or bool(self.hold and self.hold.waits)
            if may_pause(self.run, looked.error, came_on=came_on):
                assert looked.error is not None
                self._keep(looked.made)
                raise Paused(step, looked, looked.error)
            with scope(self.organization):
                hold_run(run_id=self.run.pk, worker=self.worker, calls=looked.made)
                self._move()
                finish_step(run=self.run, step=step, looked=looked, identity=self.identity)
        self.came_on = True

    def _resumed(self, kind: FactKind, step: RunStep) -> Looked:
        """What earlier workers have read of a step, and the calls that it took them."""
        looked = Looked(kind, step.started_at or now(), made=step.calls)
        self.context.cursor = None
        if kind.incremental:
            with scope(self.organization):
                self.context.cursor = cursor_of(self.run.connection_id, kind)
                for page in pages_in_hand(step):
                    looked.pages.append(page)
        if kind.recall is not None and looked.pages:
            kind.recall(looked.pages, self.context)
        return looked

    def _look(self, looked: Looked, step: RunStep, session: Any) -> None:
        """Collect one kind. Whatever a vendor's answer does to our code is an unknown of this kind, not a dead run."""
        kind, before = looked.kind, looked.made
        self.context.next_cursor, self.context.partly = None, []
        if kind.incremental:
            self.hold = Progress(step, self.run.connection_id, kind, self.context.cursor, len(looked.pages))
        try:
            for page in kind.collect(session, self.context):
                looked.pages.append(page)
                if self.hold is not None and self.hold.take(page):
                    self._keep(before + self.made)
        except CollectionError as error:
            looked.error = error
        except LeaseLost:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, LookupError) as fault:
            looked.error = CollectionError(
                Reason.MALFORMED, f"The answer could not be read: {fault!r}",
                remedy="The vendor answered in a form that Fieldwork does not know. Report it with the run's number.",
            )
        looked.calls, looked.made, looked.partly = self.calls, before + self.made, self.context.partly

    def _keep(self, calls: int) -> None:
        """Keep the pages that wait, with the cursor behind the last of them."""
        if self.hold is None:
            return
        with scope(self.organization):
            hold_run(run_id=self.run.pk, worker=self.worker)
            self.hold.keep(self.context.next_cursor, calls)
        self.beaten_at = time.monotonic()
        self.came_on = True

    def _move(self) -> None:
        """In the room in which a step ends: its pages become evidence, and the cursor comes past them."""
        if self.hold is not None and self.context.next_cursor is not None:
            self.hold.move(self.context.next_cursor)
