"""Asking for a run, and finding what is due. Rows are the queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.services import record
from evidence.checks import catalogue

from ...events import run_requested
from ..house import HOUSE_KINDS
from ..models import Connection, Run, RunState, RunStep
from ..registry import vendor_of
from .guarding import refuse_retired


def request_run(*, actor: Actor, connection: Connection, trigger: str = "manual", kinds: Collection[str] | None = None) -> Run:
    """A run that is due now, with a step for each fact kind. One that is unfinished already is given back instead.

    Raises ValidationError for a kind that the vendor does not have, or a paused connection.
    """
    refuse_retired(connection)
    if not connection.active:
        raise ValidationError("This connection is paused. Resume it first.")
    if vendor_of(connection.vendor).pushed:
        raise ValidationError("Nothing is collected from this source: its facts are pushed.")
    wanted = _wanted(connection.vendor, kinds)
    unfinished = Run.objects.filter(connection=connection).exclude(state=RunState.FINISHED)
    found = unfinished.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _create(actor, connection, trigger, kinds, wanted)
    except IntegrityError:
        return unfinished.get()


def _create(actor: Actor, connection: Connection, trigger: str, kinds: Collection[str] | None, wanted: list[str]) -> Run:
    last = Run.objects.filter(connection=connection).aggregate(last=Max("number"))["last"] or 0
    run = Run.objects.create(
        connection=connection, number=last + 1, trigger=trigger, requested_by=actor.label, kinds=list(kinds) if kinds else None
    )
    RunStep.objects.bulk_create(
        [RunStep(run=run, fact_kind=kind, position=position) for position, kind in enumerate(wanted)]
    )
    connection.next_run_at = now() + timedelta(minutes=connection.every_minutes)
    connection.save(update_fields=["next_run_at"])
    record(actor=actor, action="evidence.run.requested", target=run, after={"trigger": trigger, "steps": len(wanted)})
    announce(run_requested, run_id=run.pk)
    return run


def _wanted(vendor: str, kinds: Collection[str] | None) -> list[str]:
    """The kinds to collect, the house's own first: the joins of this run use the lists as they stood at its start."""
    own = [kind.id for kind in vendor_of(vendor).kinds]
    unknown = sorted(set(kinds or ()) - set(own))
    if unknown:
        raise ValidationError({"kinds": f"This vendor has no fact kind called {', '.join(unknown)}."})
    chosen = [kind for kind in own if not kinds or kind in kinds]
    read = {fact for check in catalogue.checks_of(vendor) for fact in check.facts}
    return [house for house in HOUSE_KINDS if house in read] + chosen


def request_due_runs() -> list[Run]:
    """Runs for every active connection whose time has come."""
    due = Connection.objects.filter(active=True, next_run_at__lte=now()).exclude(
        pk__in=Run.objects.exclude(state=RunState.FINISHED).values("connection_id")
    )
    return [request_run(actor=SYSTEM, connection=connection, trigger="schedule") for connection in due]


def runs_to_wake() -> list[Run]:
    """Runs that no worker holds: due and unclaimed, or with a lease that has lapsed."""
    moment = now()
    return list(
        Run.objects.filter(
            Q(state=RunState.DUE, due_at__lte=moment) | Q(state=RunState.RUNNING, lease_until__lt=moment)
        ).order_by("due_at")
    )
