"""The scope register: what waits first, filters in the address, adding and changing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.registers.models import System
from compliance.registers.services import record_discovery
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from tests.factories.compliance import make_system

ASKED = {"name": "Lisbon office", "kind": "location", "external_id": "", "environment": "corporate"}


def add(person, **fields):
    return person.client.post("/o/acme/scope/add/", ASKED | fields)


def page_of(person, query: str = "") -> str:
    return person.client.get(f"/o/acme/scope/{query}").content.decode()


def test_what_waits_for_a_decision_comes_first(acme, mei):
    with scope(acme):
        make_system(mei.actor, "Decided long ago", decision="in")
        record_discovery(
            actor=SYSTEM, kind="repository", external_id="github:acme/x", name="acme/x", discovered_by="GitHub"
        )
    page = page_of(mei)
    assert page.index("acme/x") < page.index("Decided long ago")
    assert page.index("Waiting for a decision</b> 1") < page.index("Decided</b>")
    assert "Discovered, undecided" in page
    assert 'Scope <span class="count">1</span>' in page


def test_it_is_narrowed_by_kind_decision_and_words(acme, mei):
    with scope(acme):
        make_system(mei.actor, "Warehouse", decision="out", external_id="arn:aws:rds:eu-west-1:1:db:warehouse")
        make_system(mei.actor, "Ledger")
        make_system(mei.actor, "Lisbon", kind="location")
    for query, shown, hidden in (
        ("?kind=location", "Lisbon", "Ledger"), ("?decision=out", "Warehouse", "Ledger"),
        ("?q=ledg", "Ledger", "Lisbon"), ("?q=SYS-001", "Warehouse", "Ledger"), ("?q=db:ware", "Warehouse", "Lisbon"),
    ):  # fmt: skip
        page = page_of(mei, query)
        assert f"</a> {shown}" in page, query
        assert f"</a> {hidden}" not in page, query
    assert "Nothing matches these filters" in page_of(mei, "?q=nothing-like-it")


def test_an_empty_register_says_what_will_fill_it(acme, mei):
    assert "The register is empty" in page_of(mei)


def test_a_system_is_added_undecided(acme, mei, jonas):
    answer = add(mei, owner=str(jonas.membership.pk), data_classes=["employee"])
    assert answer.status_code == 302
    with scope(acme):
        system = System.objects.get()
    assert (system.ref, system.decision, system.owner_id) == ("SYS-001", "undecided", jonas.membership.pk)
    assert system.data_classes == ["employee"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "spaceship"}, {"data_classes": ["secrets of state"]}])
def test_it_needs_a_name_and_a_kind(acme, mei, wrong):
    assert add(mei, **wrong).status_code == 422
    with scope(acme):
        assert not System.objects.exists()


def test_an_owner_is_a_member_of_this_room(acme, mei, stranger):
    assert add(mei, owner=str(stranger.membership.pk)).status_code == 422


def test_one_identifier_is_one_system(acme, mei):
    add(mei, kind="repository", external_id="github:acme/api")
    answer = add(mei, name="Twin", kind="repository", external_id="github:acme/api")
    assert answer.status_code == 422
    assert "SYS-001 Lisbon office has this identifier already." in answer.content.decode()


def test_it_is_changed(acme, mei):
    with scope(acme):
        system = make_system(mei.actor)
    held = ["customer", "cardholder"]
    asked = {"name": "Ledger", "kind": "database", "environment": "production", "data_classes": held}
    assert mei.client.post(f"/o/acme/scope/{system.pk}/change/", asked).status_code == 302
    with scope(acme):
        system.refresh_from_db()
        entry = Entry.objects.get(action="registers.system.changed")
    assert (system.name, system.environment, system.data_classes) == ("Ledger", "production", held)
    assert entry.before == {"name": "Production database", "environment": "", "data_classes": []}


def test_what_a_collector_wrote_is_still_there_to_choose(acme, mei):
    with scope(acme):
        system = record_discovery(
            actor=SYSTEM, kind="database", external_id="arn:1", name="x", discovered_by="AWS",
            detail={"environment": "blue-green"},
        )  # fmt: skip
    page = mei.client.get(f"/o/acme/scope/{system.pk}/change/").content.decode()
    assert '<option value="blue-green" selected>' in page


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_other_roles_read_and_may_not_change(acme, mei, who, request):
    with scope(acme):
        system = make_system(mei.actor)
    person = request.getfixturevalue(who)
    assert person.client.get("/o/acme/scope/").status_code == 200
    assert person.client.get(f"/o/acme/scope/{system.pk}/").status_code == 200
    assert add(person).status_code == 403
    assert person.client.post(f"/o/acme/scope/{system.pk}/change/", ASKED).status_code == 403


def test_an_employee_is_refused(acme, noor):
    assert noor.client.get("/o/acme/scope/").status_code == 403


def test_another_organisation_sees_nothing(acme, mei, stranger):
    with scope(acme):
        system = make_system(mei.actor, "Only Acme knows")
    assert stranger.client.get("/o/acme/scope/").status_code == 404
    assert stranger.client.get(f"/o/borealis/scope/{system.pk}/").status_code == 404
    assert stranger.client.post(f"/o/borealis/scope/{system.pk}/change/", ASKED).status_code == 404
    assert b"Only Acme knows" not in stranger.client.get("/o/borealis/scope/").content


def test_it_leaves_a_trail(acme, mei):
    add(mei)
    with scope(acme):
        entry = Entry.objects.get()
    assert (entry.action, entry.after["name"]) == ("registers.system.added", "Lisbon office")


def test_its_queries_do_not_grow_with_systems(acme, mei):
    client = mei.client
    with scope(acme):
        make_system(mei.actor)
    client.get("/o/acme/scope/")
    with CaptureQueriesContext(connection) as few:
        client.get("/o/acme/scope/")
    with scope(acme):
        for number in range(40):
            make_system(mei.actor, f"System {number}", owner=mei.membership)
    with CaptureQueriesContext(connection) as many:
        client.get("/o/acme/scope/")
    assert len(many) == len(few)
