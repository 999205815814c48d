"""kill -9 in mid-collection: the next worker goes on where the first one stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Connection, Run, RunOutcome, RunState, RunStep, Snapshot, StepState
from evidence.collectors.services.execute import execute_run
from evidence.collectors.services.request import runs_to_wake
from evidence.models import Version
from tests.evidence.jobs.conftest import Slow, ask, surroundings

pytestmark = pytest.mark.usefixtures("unheard")
ROOT = Path(__file__).resolve().parents[3]
WORKER = """
import sys, uuid, django
django.setup()
from evidence.collectors.services.execute import execute_run
execute_run(organization_id=uuid.UUID(sys.argv[1]), run_id=uuid.UUID(sys.argv[2]), worker="doomed")
"""


def _start(company: Organization, run: Run) -> subprocess.Popen[bytes]:
    environment = surroundings() | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(company.pk), str(run.pk)], cwd=ROOT, env=environment)


def _done(company: Organization) -> list[str]:
    with scope(company):
        return list(RunStep.objects.filter(state=StepState.DONE).exclude(fact_kind__startswith="org.").values_list("fact_kind", flat=True))


def _kill_after_a_step(company: Organization, run: Run) -> list[str]:
    worker = _start(company, run)
    deadline = time.monotonic() + 60
    try:
        while not (done := _done(company)) and time.monotonic() < deadline and worker.poll() is None:
            time.sleep(0.02)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    return done


def test_a_killed_worker_loses_and_doubles_nothing(company: Organization, link: Connection, okta: Slow) -> None:
    okta.delay = 0.15
    run = ask(company, link)
    done = _kill_after_a_step(company, run)
    assert done
    with scope(company):
        assert RunStep.objects.exclude(state=StepState.DONE).exists(), "it was killed in the middle"
        assert not execute_run(organization_id=company.pk, run_id=run.pk, worker="early"), "its lease still holds"
        assert not runs_to_wake()
        Run.objects.update(lease_until=now() - timedelta(seconds=1))
        assert [woken.pk for woken in runs_to_wake()] == [run.pk]
        finished_before = dict(RunStep.objects.filter(state=StepState.DONE).values_list("fact_kind", "finished_at"))
    okta.delay = 0
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="heir")
    _is_whole(company, run, finished_before)


def _is_whole(company: Organization, run: Run, finished_before: dict[str, object]) -> None:
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.outcome, run.attempt, run.worker) == (RunState.FINISHED, RunOutcome.OK, 2, "heir")
        steps = {step.fact_kind: step for step in run.steps.all()}
        assert {step.state for step in steps.values()} == {StepState.DONE}
        assert {kind: steps[kind].finished_at for kind in finished_before} == finished_before, "what was done is not done again"
        assert Counter(Snapshot.objects.values_list("fact_kind", flat=True)) == Counter(list(steps))
        versions = Counter(Version.objects.values_list("artefact__collected_key", "provenance__run"))
        assert set(versions.values()) == {1}
        assert len(versions) == len(steps)


def test_after_too_many_deaths_a_run_ends_as_unreadable(company: Organization, link: Connection, okta: Slow) -> None:
    run = ask(company, link, ("okta.users",))
    with scope(company):
        Run.objects.update(attempt=5, state=RunState.RUNNING, worker="dead", lease_until=now() - timedelta(seconds=1))
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="sixth")
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.outcome) == (RunState.FINISHED, RunOutcome.FAILED)
        assert RunStep.objects.get(fact_kind="okta.users").reason == "unreachable"
    assert okta.asked == []
