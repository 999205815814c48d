"""Reading connections and their runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from .models import Connection, KindState, PushRefusal, Run, RunState, RunStep, Snapshot, StepState


def connections() -> QuerySet[Connection]:
    """Every connection by name, each with the run that is not finished, if there is one, as `unfinished`."""
    running = Run.objects.exclude(state=RunState.FINISHED)
    return (
        Connection.objects.defer("secret")
        .prefetch_related(Prefetch("runs", running, to_attr="unfinished"))
        .order_by("name", "id")
    )


def retired_ids() -> list[str]:
    """The connections that are out of use for good, by id. One query."""
    return [str(pk) for pk in Connection.objects.filter(retired_at__isnull=False).order_by().values_list("pk", flat=True)]


def runs() -> QuerySet[Run]:
    """Runs with their connection and how many of their steps are done, newest first."""
    counts = {
        "steps_all": Count("steps"), "steps_done": Count("steps", filter=Q(steps__state=StepState.DONE)),
        "steps_unread": Count("steps", filter=~Q(steps__reason="")),
    }  # fmt: skip
    return Run.objects.select_related("connection").defer("connection__secret").annotate(**counts).order_by("-id")


def runs_matching(*, connection: str = "", outcome: str = "") -> QuerySet[Run]:
    """Runs of a connection (its slug) that ended so; `running` are those that have not ended."""
    found = runs()
    if connection:
        found = found.filter(connection__slug=connection)
    if outcome == "running":
        return found.exclude(state=RunState.FINISHED)
    return found.filter(outcome=outcome) if outcome else found


def steps_of(run: Run) -> QuerySet[RunStep]:
    """The steps of a run, in order, with what each kept; without the log of its calls, which may be long."""
    found = RunStep.objects.filter(run=run).select_related("snapshot__version__artefact", "same_as__version__artefact")
    return found.defer("log").order_by("position")


def pushes_of(connection: Connection) -> QuerySet[Snapshot]:
    """What was pushed to a source without an API, newest first, each with its run and the version that holds it."""
    found = Snapshot.objects.filter(connection=connection, fact_kind__startswith="push.")
    return found.select_related("step__run", "version__artefact").defer("step__log").order_by("-id")


def refusals_of(connection: Connection) -> QuerySet[PushRefusal]:
    """Pushes to a source that were refused, newest first."""
    return PushRefusal.objects.filter(connection=connection).order_by("-id")


def run_named(slug: str, number: Any) -> Run | None:
    """The run with this number of the connection with this slug: how provenance names it."""
    if not slug or not isinstance(number, int):
        return None
    return Run.objects.filter(connection__slug=slug, number=number).first()


@dataclass(frozen=True)
class Again:
    """How often the very bytes of a version were seen again, and when last."""

    times: int
    last: datetime


def moments_again(versions: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """Every moment at which later looks saw the very bytes of these versions again. One query."""
    found = Snapshot.objects.filter(version__in=list(versions)).exclude(again=[])
    return dict(found.values_list("version_id", "again"))


def looks_again(versions: Collection[UUID]) -> dict[UUID, Again]:
    """The versions whose bytes later looks saw again. One query."""
    return {version: Again(len(again), again[-1]) for version, again in moments_again(versions).items()}


def kind_states(connection_id: UUID) -> dict[str, KindState]:
    """Where each fact kind of a connection stands."""
    found = KindState.objects.filter(connection_id=connection_id).select_related("last_good__version")
    return {state.fact_kind: state for state in found}
