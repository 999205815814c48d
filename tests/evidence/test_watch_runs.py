"""A run's page, live and after: what was called, how many rows, what went wrong, what to do about it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.collectors.models import Run
from tests.factories.evidence import finish_step, make_connection, make_run

pytestmark = pytest.mark.django_db
CALL = {
    "call": "GET /orgs/acme", "parameters": {"per_page": 100}, "status": 403, "milliseconds": 41, "rows": None,
    "error": "403: Forbidden",
}  # fmt: skip


def at(name, *args):
    return reverse(f"connections:{name}", args=["acme", *args])


@pytest.fixture()
def connection(acme, mei):
    with scope(acme):
        return make_connection(mei.actor)


def test_asking_for_a_run_queues_it_and_leads_to_its_page(acme, ada, connection):
    answer = ada.client.post(at("start", connection.pk))
    with scope(acme):
        run = Run.objects.get()
        assert answer.headers["Location"] == at("run", run.pk)
        assert (run.state, run.trigger, run.requested_by) == ("due", "manual", "Ada Okonkwo")
        assert Entry.objects.filter(action="evidence.run.requested").count() == 1


def test_asking_twice_leads_to_the_same_run(acme, ada, connection):
    first, second = (ada.client.post(at("start", connection.pk)).headers["Location"] for _ in range(2))
    assert first == second
    with scope(acme):
        assert Run.objects.count() == 1


def test_while_it_is_under_way_the_page_asks_again_by_itself_and_without_script_by_a_link(acme, jonas, mei, connection):
    with scope(acme):
        run = make_run(mei.actor, connection, state="running", started_at=now())
        finish_step(run, "github.org", rows=1, calls=1)
    content = jonas.client.get(at("run", run.pk)).content.decode()
    assert 'hx-trigger="every 2s"' in content
    assert "<noscript>" in content
    assert "Collecting, 1 of " in content
    fragment = jonas.client.get(at("run", run.pk), headers={"HX-Request": "true", "HX-Target": "run"}).content.decode()
    assert fragment.strip().startswith('<div id="run"')


def test_a_finished_run_asks_no_more(acme, mei, connection):
    with scope(acme):
        run = make_run(mei.actor, connection, state="finished", outcome="ok", finished_at=now())
    assert b"hx-trigger" not in mei.client.get(at("run", run.pk)).content


def test_what_went_wrong_is_told_once_with_what_to_do(acme, mei, connection):
    trouble = {"reason": "denied", "message": "403: Forbidden", "remedy": "Grant Members, read-only.", "permission": "Members"}
    with scope(acme):
        run = make_run(mei.actor, connection, state="finished", outcome="partial", finished_at=now())
        finish_step(run, "github.org", **trouble)
        finish_step(run, "github.members", **trouble)
    answer = mei.client.get(at("run", run.pk))
    assert [(each.reason, each.kinds) for each in answer.context["troubles"]] == [("denied", ["github.org", "github.members"])]
    content = answer.content.decode()
    assert "Grant Members, read-only." in content
    assert "counts as <strong>unknown</strong>, never as passed" in content


def test_the_calls_of_a_step_lie_beside_it(acme, mei, connection):
    with scope(acme):
        run = make_run(mei.actor, connection, state="finished", outcome="partial", finished_at=now())
        finish_step(run, "github.org", reason="denied", message="403: Forbidden", log=[CALL], calls=250)
    content = mei.client.get(at("run", run.pk) + "?at=github.org").content.decode()
    for words in ("GET /orgs/acme", "per_page=100", "41", "The first 1 of 250 calls are kept."):
        assert words in content
    assert mei.client.get(at("run", run.pk) + "?at=github.nothing").status_code == 404


def test_runs_can_be_narrowed_to_what_went_wrong(acme, mei, connection):
    with scope(acme):
        make_run(mei.actor, connection, state="finished", outcome="ok", finished_at=now())
        make_run(mei.actor, connection, state="finished", outcome="failed", finished_at=now())
        make_run(mei.actor, connection)

    def numbers(query):
        return [run.number for run in mei.client.get(at("runs") + query).context["page"]]

    assert numbers("") == [3, 2, 1]
    assert numbers("?outcome=failed") == [2]
    assert numbers("?outcome=running") == [3]
    assert numbers("?connection=github&outcome=ok") == [1]


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_who_may_not_start_runs_may_watch_them(acme, mei, request, connection, who):
    client = request.getfixturevalue(who).client
    assert client.post(at("start", connection.pk)).status_code == 403
    with scope(acme):
        run = make_run(mei.actor, connection)
    assert client.get(at("run", run.pk)).status_code == 200


def test_an_employee_is_refused_and_another_organisation_finds_nothing(acme, borealis, mei, noor, stranger, connection):
    with scope(acme):
        run = make_run(mei.actor, connection)
    assert noor.client.get(at("run", run.pk)).status_code == 403
    assert stranger.client.get(at("run", run.pk)).status_code == 404
    assert stranger.client.get(reverse("connections:run", args=["borealis", run.pk])).status_code == 404
    assert stranger.client.get(reverse("connections:runs", args=["borealis"])).context["page"].rows == []
