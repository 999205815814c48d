"""Redis only wakes workers. When it is empty or away, rows still say what is to be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.collectors import tasks
from evidence.collectors.models import Connection, Run, RunState
from evidence.collectors.services.request import runs_to_wake
from tests.evidence.jobs.conftest import Slow, ask, surroundings

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import sys, time, uuid, django
django.setup()
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection
from evidence.collectors.services.request import request_run
from config.celery import app
app.conf.broker_url = sys.argv[3]
began = time.monotonic()
with scope(uuid.UUID(sys.argv[1])):
    request_run(actor=SYSTEM, connection=Connection.objects.get(pk=sys.argv[2]), trigger="manual", kinds=["okta.users"])
print("asked in", round(time.monotonic() - began, 1))
"""


def test_a_run_whose_message_was_lost_is_found_and_done(
    company: Organization, link: Connection, okta: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks.collect, "delay", lambda *ids: None)  # the message that the broker forgot
    run = ask(company, link, ("okta.users",))
    with scope(company):
        assert [waiting.pk for waiting in runs_to_wake()] == [run.pk]
    monkeypatch.setattr(tasks.collect, "delay", lambda *ids: sent.append(ids))
    tasks.sweep_runs()
    assert (str(company.pk), str(run.pk)) in sent
    tasks.collect(str(company.pk), str(run.pk))
    tasks.collect(str(company.pk), str(run.pk))  # a message may come twice
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.attempt) == (RunState.FINISHED, 1)
        assert not runs_to_wake()


def test_asking_for_a_run_does_not_break_without_a_broker(company: Organization, link: Connection, okta: Slow) -> None:
    closed: Any = "redis://127.0.0.1:1/0"  # nobody listens there
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(company.pk), str(link.pk), closed], cwd=ROOT, capture_output=True, text=True, timeout=90,
        env=surroundings() | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[-1]) < 15
    with scope(company):
        assert Run.objects.get().state == RunState.DUE
        assert len(runs_to_wake()) == 1
