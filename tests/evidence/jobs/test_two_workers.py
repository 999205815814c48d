"""A race has one winner."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Connection, Run, RunState, Snapshot
from evidence.collectors.services.execute import execute_run
from evidence.collectors.services.request import request_due_runs
from evidence.models import Version
from tests.evidence.jobs.conftest import Slow, ask, at_once

pytestmark = pytest.mark.usefixtures("unheard")
KINDS = ("okta.users", "okta.groups")


def test_two_workers_claim_the_same_run_and_one_does_it(company: Organization, link: Connection, okta: Slow) -> None:
    okta.delay = 0.02
    run = ask(company, link, KINDS)

    def work(name: str) -> bool:
        return execute_run(organization_id=company.pk, run_id=run.pk, worker=name)

    assert sorted(at_once(*(lambda name=name: work(name) for name in ("one", "two", "three")))) == [False, False, True]
    with scope(company):
        run.refresh_from_db()
        assert (run.state, run.attempt) == (RunState.FINISHED, 1)
        steps = run.steps.count()
        assert Snapshot.objects.count() == Version.objects.count() == steps


def test_a_finished_run_is_not_done_again(company: Organization, link: Connection, okta: Slow) -> None:
    run = ask(company, link, KINDS)
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="one")
    asked = len(okta.asked)
    assert not execute_run(organization_id=company.pk, run_id=run.pk, worker="two")
    assert len(okta.asked) == asked


def test_two_schedulers_at_once_make_one_run(company: Organization, link: Connection) -> None:
    with scope(company):
        Connection.objects.update(next_run_at=now() - timedelta(minutes=1))

    def schedule() -> int:
        with scope(company):
            return len(request_due_runs())

    at_once(schedule, schedule)
    with scope(company):
        assert Run.objects.count() == 1
        assert Run.objects.get().number == 1
        assert Connection.objects.get().next_run_at > now()
