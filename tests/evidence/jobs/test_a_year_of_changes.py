"""A year of merged changes: paused at the vendor's limit, killed with kill -9 in the middle of a list, and whole at the end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.facts import facts_of
from evidence.collectors.models import (
    Connection,
    Cursor,
    PageInHand,
    Run,
    RunOutcome,
    RunState,
    RunStep,
    Snapshot,
    Validator,
)
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.execute import execute_run
from evidence.collectors.services.request import runs_to_wake
from evidence.models import Version
from sample.base import Clock
from sample.github.many import ManyWorld
from sample.github.metering import Meter
from tests.evidence.jobs.conftest import ask, surroundings
from tests.evidence.jobs.test_killed_worker import WORKER
from tests.loopback import serve_open

pytestmark = pytest.mark.usefixtures("unheard")
ROOT = Path(__file__).resolve().parents[3]
CHANGES, PUSHES = "github.merged_pull_requests", "github.direct_pushes"
REPOSITORIES, MERGED = 8, 300


@pytest.fixture()
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[ManyWorld]:
    """Eight repositories with three hundred merged changes, on loopback, behind a limit of 500 calls an hour."""
    made = ManyWorld(Clock(datetime.now(UTC).replace(microsecond=0)), REPOSITORIES, MERGED)
    made.meter = Meter(limit=500)
    with serve_open(made.wsgi) as address:
        monkeypatch.setattr(settings, "VENDOR_ENDPOINTS", {"github": address})
        yield made


@pytest.fixture()
def github(company: Organization, world: ManyWorld) -> Connection:
    with scope(company):
        return create_connection(
            actor=SYSTEM, vendor="github", name="GitHub", fields={"organization": "halyard-payments", "token": world.token}
        )


def _killed_in_the_middle(company: Organization, run: Run) -> int:
    """Start a real worker, and kill it once it holds some pages; how many it held."""
    environment = surroundings() | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(company.pk), str(run.pk)], cwd=ROOT, env=environment)
    deadline, held = time.monotonic() + 60, 0
    try:
        while held < 3 and time.monotonic() < deadline and worker.poll() is None:
            time.sleep(0.02)
            with scope(company):
                held = PageInHand.objects.count()
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    return held


def _hours_pass(company: Organization, world: ManyWorld, run: Run) -> int:
    """Work on a run until it is finished; whenever it pauses, its hour passes. Returns how often it paused."""
    for pauses in range(40):
        assert execute_run(organization_id=company.pk, run_id=run.pk, worker=f"heir-{pauses}")
        with scope(company):
            run.refresh_from_db()
            if run.state == RunState.FINISHED:
                return run.pauses
            assert (run.state, run.worker) == (RunState.DUE, "")
            assert run.due_at > now() + timedelta(minutes=50)
            assert not runs_to_wake()
            assert not execute_run(organization_id=company.pk, run_id=run.pk, worker="early"), "not before its hour"
            Run.objects.filter(pk=run.pk).update(due_at=now() - timedelta(seconds=1))
            assert [woken.pk for woken in runs_to_wake()] == [run.pk]
        world.meter.renew()
    raise AssertionError("it does not come to an end")


def _merged(world: ManyWorld) -> set[str]:
    return {change.key for change in world.changes}


def _stored(company: Organization, link: Connection, kind: str = CHANGES) -> list[str]:
    with scope(company):
        rows = facts_of(Connection.objects.get(pk=link.pk), kinds=[kind]).sets[kind].rows
        return [str(row["id"]) for row in rows if row.get("number") or row.get("sha")]


def _read(company: Organization) -> list[str]:
    """Each change as it lies in the stored pages, as often as it lies there."""
    from evidence.collectors.pages import streamed

    with scope(company):
        digests = list(Snapshot.objects.filter(fact_kind=CHANGES).values_list("version__sha256", flat=True))
        return [f"{page.body['repository']}#{pull['number']}" for digest in digests for page in streamed(digest)
                for pull in page.body.get("pulls", ())]  # fmt: skip


def test_killed_and_paused_it_ends_without_a_duplicate_or_a_hole(
    company: Organization, github: Connection, world: ManyWorld
) -> None:
    run = ask(company, github, (CHANGES, PUSHES))
    held = _killed_in_the_middle(company, run)
    assert 3 <= held < MERGED / 25 + REPOSITORIES
    with scope(company):
        assert RunStep.objects.get(fact_kind=CHANGES).state == "running"
        assert not Snapshot.objects.filter(fact_kind=CHANGES).exists()
        assert Cursor.objects.filter(fact_kind=CHANGES, ahead__isnull=False, state__isnull=True).count() >= 1
        Run.objects.update(lease_until=now() - timedelta(seconds=1))
    before = world.meter.charged
    pauses = _hours_pass(company, world, run)
    _is_whole(company, github, world, run)
    assert pauses >= 2
    assert (world.meter.refused, world.meter.most <= 500) == (0, True), "the limit was never passed"
    assert world.meter.charged - before <= 4 * (MERGED - 25 * (held - REPOSITORIES)) + 200, "what was in hand was not read again"


def _is_whole(company: Organization, link: Connection, world: ManyWorld, run: Run) -> None:
    with scope(company):
        run.refresh_from_db()
        assert run.outcome == RunOutcome.OK, run.message
        assert not PageInHand.objects.exists()
        assert not Cursor.objects.filter(ahead__isnull=False).exists()
        assert Version.objects.filter(artefact__collected_key=f"{link.pk}:{CHANGES}").count() == 1
        cursors = Cursor.objects.filter(fact_kind=CHANGES)
        assert sum(cursor.rows for cursor in cursors) == MERGED
        assert all(cursor.complete_to and cursor.collected_from for cursor in cursors)
        assert run.calls >= 4 * MERGED
    assert Counter(_read(company)) == dict.fromkeys(_merged(world), 1), "no duplicate in what was read, and no hole"
    assert set(_stored(company, link)) == _merged(world)
    assert _stored(company, link, PUSHES) == [], "every commit belongs to a change that the run had read, in whatever attempt"


def test_what_has_not_changed_costs_no_limit(company: Organization, github: Connection, world: ManyWorld) -> None:
    world.meter.limit = 5000
    first = ask(company, github, (CHANGES, "github.repositories"))
    assert execute_run(organization_id=company.pk, run_id=first.pk, worker="one")
    with scope(company):
        assert 0 < Validator.objects.count() <= 40
    world.meter.charged = world.meter.unchanged = 0
    second = ask(company, github, (CHANGES, "github.repositories"))
    assert execute_run(organization_id=company.pk, run_id=second.pk, worker="two")
    assert world.meter.charged == 0
    assert world.meter.unchanged > REPOSITORIES
    assert set(_stored(company, github)) == _merged(world)
    with scope(company):
        steps = {step.fact_kind: step for step in RunStep.objects.filter(run=second)}
        assert not {step.reason for step in steps.values()} - {""}
        assert steps["github.repositories"].rows == REPOSITORIES
        assert {call["status"] for call in steps[CHANGES].log} == {304}


def test_a_limit_that_never_gives_way_ends_as_rate_limited(
    company: Organization, github: Connection, world: ManyWorld
) -> None:
    run = ask(company, github, (CHANGES,))
    world.meter.limit = 0
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="one")
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.pauses, run.attempt) == (RunState.DUE, 1, 0)
        Run.objects.filter(pk=run.pk).update(due_at=now() - timedelta(seconds=1))
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="two")
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.outcome) == (RunState.FINISHED, RunOutcome.FAILED)
        assert RunStep.objects.get(fact_kind=CHANGES).reason == "rate_limited"
