"""What the sample's workers are told to do, each in transactions of its own, and in which nothing is announced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from uuid import UUID

from compliance.tenancy.clock import simulated
from compliance.tenancy.models import Organization
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Connection
from evidence.collectors.services.execute import execute_run
from evidence.judging.services.judge import judge_connection
from evidence.judging.services.stand import refresh_standings
from evidence.models import EvidenceRequirement
from sample import papers
from sample.company import Cast

#: Of whom, for which requirement, its number, and the story's start.
Paper = tuple[Cast, EvidenceRequirement, int, datetime]


@contextmanager
def _room(organization: Organization, at: datetime) -> Iterator[None]:
    with silence(), scope(organization), simulated(at):
        yield


def collect(organization: Organization, at: datetime, runs: Sequence[UUID]) -> None:
    """Collect these runs as of a moment, which is told in the room; each run enters it in transactions of its own."""
    with _room(organization, at):
        moment = copy_context()
    for run_id in runs:
        moment.run(execute_run, organization_id=organization.pk, run_id=run_id, worker="story")


def provide(organization: Organization, at: datetime, brought: Sequence[Paper]) -> None:
    """Bring papers."""
    for paper in brought:
        with _room(organization, at):
            papers.provide(*paper)


def judge(organization: Organization, at: datetime, kinds: Mapping[str, Sequence[str]]) -> None:
    """Judge connections, by their slug, after a look at these kinds; none named: at all."""
    for slug, seen in kinds.items():
        with _room(organization, at):
            judge_connection(Connection.objects.get(slug=slug), seen)


def stand(organization: Organization, at: datetime, counted: bool) -> None:
    """Write where each control stands, on a day on which it is counted."""
    with _room(organization, at):
        refresh_standings()
