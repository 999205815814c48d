"""When collectors were refused, and for how long their sources keep what was missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate

from compliance.tenancy.clock import now

from ..cadence import local_day
from ..collectors.models import Connection, KindState, RunStep, Snapshot, StepState
from ..collectors.registry import vendors
from ..collectors.retention import KEPT

#: A source that keeps its events for as long as it stands.
FOR_GOOD = date.max


class Refusal(NamedTuple):
    """Why a collector could not look on a day."""

    connection: str
    reason: str
    message: str


Refusals = dict[str, dict[str, dict[date, Refusal]]]


@cache
def kinds_with_history() -> frozenset[str]:
    """Fact kinds whose source can still be asked about days that are gone."""
    return frozenset(kind.id for vendor in vendors().values() for kind in vendor.kinds if kind.incremental)


def kept_until(fact_kinds: Collection[str], last: date) -> date | None:
    """The last day on which a source can still be read for what happened up to `last`; None where none keeps it. What is
    configured today says nothing of a day that is gone."""
    ends = [_kept_until(kind, last) for kind in fact_kinds if kind in kinds_with_history()]
    return max(ends, default=None)


def _kept_until(kind: str, last: date) -> date:
    kept = KEPT.get(kind)
    return FOR_GOOD if kept is None else last + kept.span


def ended_connections(zone: ZoneInfo) -> dict[str, date]:
    """By the id of each connection that was retired, the last day on which it was in use. One query."""
    retired = Connection.objects.filter(retired_at__isnull=False).order_by().values_list("pk", "retired_at")
    return {str(pk): local_day(at, zone) for pk, at in retired if at is not None}


def seen_again(versions: Collection[UUID]) -> Iterator[tuple[UUID, list[datetime]]]:
    """The later looks that saw the very bytes of versions, in the order of the versions. One query."""
    found = Snapshot.objects.filter(version__in=versions).exclude(again=[]).order_by("collected_at", "id")
    yield from found.values_list("version_id", "again").iterator(chunk_size=2000)


def seen_more_than_once() -> QuerySet[Any]:
    """The versions whose bytes were seen again, however long ago they were received."""
    return Snapshot.objects.exclude(again=[]).order_by().values("version_id")


def refusals(zone: ZoneInfo, since: datetime, kinds: Collection[str] | None = None) -> Refusals:
    """By fact kind and the id of a connection, the days on which a collection of it failed, each with its reason: of every run,
    and, where a kind cannot be read, each day since. Two queries."""
    found: Refusals = defaultdict(lambda: defaultdict(dict))
    steps = RunStep.objects.filter(state=StepState.DONE, finished_at__gte=since).exclude(reason="").order_by()
    states = KindState.objects.filter(unreadable_since__isnull=False).exclude(reason="")  # of retired connections too: those days were
    if kinds is not None:
        steps, states = steps.filter(fact_kind__in=kinds), states.filter(fact_kind__in=kinds)
    told = {"connection": Max("run__connection__name"), "why": Max("reason"), "said": Max("message")}
    by_day = steps.annotate(day=TruncDate("finished_at", tzinfo=zone))
    days: Any = by_day.values("fact_kind", "run__connection_id", "day").annotate(**told)
    for row in days:
        of = found[row["fact_kind"]][str(row["run__connection_id"])]
        of[row["day"]] = Refusal(row["connection"], row["why"], row["said"])
    for state in states.select_related("connection").defer("connection__secret"):
        assert state.unreadable_since is not None
        day = local_day(max(state.unreadable_since, since), zone)
        last = local_day(state.last_looked_at or state.connection.retired_at or now(), zone)
        while day <= last:
            found[state.fact_kind][str(state.connection_id)].setdefault(day, Refusal(state.connection.name, state.reason, state.message))
            day += timedelta(days=1)
    return found
