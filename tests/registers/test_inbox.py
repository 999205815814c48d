"""The inbox: what was discovered waits by kind, and is decided several at a time."""

from __future__ import annotations

from compliance.registers.models import ScopeDecision
from compliance.registers.services import record_discovery
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from tests.factories.compliance import make_system


def discover(kind: str, name: str):
    return record_discovery(actor=SYSTEM, kind=kind, external_id=f"x:{name}", name=name, discovered_by="AWS production")


def test_what_is_undecided_waits_by_kind(acme, mei):
    with scope(acme):
        discover("database", "warehouse-2")
        discover("repository", "pricing")
        make_system(mei.actor, "Decided", decision="in")
    page = mei.client.get("/o/acme/scope/inbox/").content.decode()
    assert page.index("warehouse-2") < page.index("pricing")
    assert "AWS production" in page
    assert "</a> Decided" not in page
    only = mei.client.get("/o/acme/scope/inbox/?kind=repository").content.decode()
    assert "warehouse-2" not in only


def test_a_decision_takes_them_out_of_the_inbox(acme, mei):
    with scope(acme):
        found = [discover("database", f"db-{number}") for number in range(3)]
    asked = {
        "systems": [str(each.pk) for each in found], "decision": "out", "justification": "Copies for a test, deleted weekly.",
        "effective_on": "2026-01-05",
    }  # fmt: skip
    answer = mei.client.post("/o/acme/scope/decide/", asked)
    assert answer["Location"] == "/o/acme/scope/inbox/"
    assert "Nothing waits for a decision" in mei.client.get("/o/acme/scope/inbox/").content.decode()
    with scope(acme):
        assert {str(each.effective_on) for each in ScopeDecision.objects.all()} == {"2026-01-05"}


def test_a_decision_does_not_hold_from_a_day_to_come(acme, mei):
    with scope(acme):
        system = discover("database", "db")
    asked = {"systems": [str(system.pk)], "decision": "in", "justification": "x", "effective_on": "2150-01-01"}
    answer = mei.client.post("/o/acme/scope/decide/", asked)
    assert (answer.status_code, b"a day that has come" in answer.content) == (422, True)


def test_its_queries_do_not_grow(acme, mei, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with scope(acme):
        discover("database", "first")
    mei.client.get("/o/acme/scope/inbox/")
    with CaptureQueriesContext(connection) as few:
        mei.client.get("/o/acme/scope/inbox/")
    with scope(acme):
        for number in range(30):
            discover("database", f"db-{number}")
    with CaptureQueriesContext(connection) as many:
        mei.client.get("/o/acme/scope/inbox/")
    assert len(many) == len(few)
