"""What was good before stays; what cannot be read now is unknown, with the reason, and comes back."""

from __future__ import annotations

import pytest

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks import catalogue
from evidence.checks.base import Reason
from evidence.collectors.models import Connection, Health, KindState, RunOutcome
from evidence.collectors.services.execute import execute_run
from evidence.judging.models import CheckState
from evidence.judging.services.judge import judge_connection
from tests.evidence.jobs.conftest import Slow, ask

pytestmark = pytest.mark.usefixtures("unheard")
KINDS = ("okta.users", "okta.log_streams")


def _run(company: Organization, link: Connection, worker: str) -> tuple[str, str]:
    """Collect and judge; outcome of the run and health of the connection."""
    run = ask(company, link, KINDS)
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker=worker)
    with scope(company):
        link.refresh_from_db()
        judge_connection(link)
        run.refresh_from_db()
    return run.outcome, link.health


def _on_log_streams(company: Organization) -> tuple[KindState, set[tuple[str, str]]]:
    only = [check.id for check in catalogue.checks_of("okta") if check.facts == ("okta.log_streams",)]
    assert only
    with scope(company):
        states = CheckState.objects.filter(check_id__in=only)
        return KindState.objects.get(fact_kind="okta.log_streams"), {(state.outcome, state.reason) for state in states}


def test_a_refused_kind_is_unknown_and_then_recovers(company: Organization, link: Connection, okta: Slow) -> None:
    assert _run(company, link, "first") == (RunOutcome.OK, Health.OK)
    good, outcomes = _on_log_streams(company)
    assert outcomes == {("pass", "")}
    okta.failing = lambda path: "logStreams" in path
    assert _run(company, link, "second") == (RunOutcome.PARTIAL, Health.DEGRADED)
    state, outcomes = _on_log_streams(company)
    assert (state.last_good_id, state.last_good_at) == (good.last_good_id, good.last_good_at)
    assert state.reason == Reason.DENIED
    assert state.unreadable_since is not None
    assert outcomes == {("unknown", Reason.DENIED.value)}
    okta.failing = lambda path: False
    assert _run(company, link, "third") == (RunOutcome.OK, Health.OK)
    state, outcomes = _on_log_streams(company)
    assert (state.reason, state.unreadable_since, outcomes) == ("", None, {("pass", "")})
    assert state.last_good_at > good.last_good_at
    assert state.last_good_id == good.last_good_id, "the very same was seen again"


def test_where_nothing_is_read_the_connection_is_failing(company: Organization, link: Connection, okta: Slow) -> None:
    _run(company, link, "first")
    with scope(company):
        before = Connection.objects.get().last_good_at
    okta.failing = lambda path: True
    assert _run(company, link, "second") == (RunOutcome.FAILED, Health.FAILING)
    with scope(company):
        assert Connection.objects.get().last_good_at == before
        assert not KindState.objects.exclude(fact_kind__startswith="org.").filter(last_good=None).exists()
