"""What a paused connection found grows old, and what a source was pushed that is pushed no more: it holds for two of its cadences,
and is unknown from then on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record
from compliance.web.words import day
from evidence.checks.base import Outcome, Reason
from evidence.collectors.models import SPEAKS, Connection
from evidence.events import judged

from ..models import CheckState, ResourceInterval


@transaction.atomic
def let_lapse() -> int:
    """Turn what paused connections and pushed sources said, and nobody has looked at for two cadences, to unknown (definitions,
    Evidence: an outcome reaches no further than that). What collects by itself is looked at, or says why not. Returns how many
    checks turned. Idempotent; the next look turns them again. What a retired one saw ends with its last look.
    """
    ResourceInterval.objects.filter(connection__retired_at__isnull=False, ended_at__isnull=True).update(ended_at=F("seen_until"))
    turned: list[CheckState] = []
    unattended = Q(connection__active=False) | Q(connection__vendor="push")
    silent = CheckState.objects.filter(SPEAKS, unattended).exclude(outcome=Outcome.UNKNOWN)
    for state in silent.select_related("connection").order_by("connection_id", "check_id"):
        until = state.facts_at + _reach(state.connection)
        if until < now():
            _turn(state, until)
            turned.append(state)
    update_rows(turned, ["outcome", "since", "reason", "message", "counts", "judged_at"])
    for connection in {state.connection for state in turned}:
        _end_intervals(connection, [state.check_id for state in turned if state.connection_id == connection.pk])
        announce(judged, connection_id=connection.pk)
    return len(turned)


def _reach(connection: Connection) -> timedelta:
    return timedelta(minutes=2 * connection.every_minutes)


def _turn(state: CheckState, until: datetime) -> None:
    record(
        actor=SYSTEM, action="evidence.check.turned", target=state.connection, label=f"{state.check_id} on {state.connection.name}",
        before={"check": state.check_id, "outcome": state.outcome}, after={"check": state.check_id, "outcome": Outcome.UNKNOWN.value},
    )  # fmt: skip
    state.outcome, state.reason, state.since = Outcome.UNKNOWN, Reason.UNWATCHED, until
    state.message = _said(state.connection, state.facts_at)
    state.counts = {Outcome.UNKNOWN.value: sum(state.counts.values()) or 1}
    state.judged_at = now()


def _said(connection: Connection, at: datetime) -> str:
    if connection.active:
        return f"Nothing was pushed since {day(at.date())}: {connection.name} is expected more often."
    return f"Nobody has looked since {day(at.date())}: {connection.name} is paused."


def _end_intervals(connection: Connection, checks: list[str]) -> None:
    """Each resource was seen up to the last look, and is not observed from then on."""
    rows = list(ResourceInterval.objects.filter(connection=connection, check_id__in=checks, ended_at__isnull=True))
    for row in rows:
        row.ended_at = row.seen_until
    update_rows(rows, ["ended_at"])
    ResourceInterval.objects.bulk_create([
        ResourceInterval(
            connection=connection, check_id=row.check_id, resource=row.resource, outcome=Outcome.UNKNOWN,
            reason=Reason.UNWATCHED, message=_said(connection, row.seen_until), started_at=row.seen_until,
            seen_until=row.seen_until, check_version=row.check_version,
        )
        for row in rows
    ], batch_size=500)  # fmt: skip
