"""Services that customers get, data flows, and data classes of one's own."""

from __future__ import annotations

import pytest

from compliance.registers.models import DataClass, Flow, Service
from compliance.registers.selectors import data_classes
from compliance.registers.services import add_flow, add_service, change_flow, change_service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_system


@pytest.fixture
def ends(acme, mei):
    with scope(acme):
        return make_system(mei.actor, "Web shop", kind="application"), make_system(mei.actor, "Ledger")


def flow_asked(ends, **fields):
    asked = {"source": str(ends[0].pk), "target": str(ends[1].pk), "direction": "one_way", "encrypted": "yes"}
    return asked | {"data_classes": ["customer"], "description": "Orders."} | fields


def add(person, ends, **fields):
    return person.client.post("/o/acme/scope/flows/add/", flow_asked(ends, **fields))


def test_a_service_is_added_changed_and_ended(acme, mei):
    asked = {"name": "Payments", "description": "Card payments for shops.", "active": "on"}
    assert mei.client.post("/o/acme/scope/services/add/", asked).status_code == 302
    with scope(acme):
        service = Service.objects.get()
    assert (service.ref, service.name, service.active) == ("SVC-001", "Payments", True)
    page = mei.client.get("/o/acme/scope/services/").content.decode()
    assert "Card payments for shops." in page
    answer = mei.client.post(f"/o/acme/scope/services/{service.pk}/", {"name": "Payments", "description": ""})
    assert answer.status_code == 302
    with scope(acme):
        service.refresh_from_db()
        assert not service.active
        assert Entry.objects.filter(action="registers.service.changed").get().after == {"active": False, "description": ""}


def test_a_service_is_named_once_whatever_the_case(acme, mei):
    with scope(acme):
        add_service(actor=mei.actor, name="Payments")
    answer = mei.client.post("/o/acme/scope/services/add/", {"name": "PAYMENTS", "active": "on"})
    assert answer.status_code == 422
    assert "SVC-001 has this name already" in answer.content.decode()


def test_systems_are_counted_for_the_services_that_they_name(acme, mei, ends):
    with scope(acme):
        service = add_service(actor=mei.actor, name="Payments")
    asked = {"name": "Ledger", "kind": "database", "environment": "", "services": [str(service.pk)]}
    assert mei.client.post(f"/o/acme/scope/{ends[1].pk}/change/", asked).status_code == 302
    with scope(acme):
        entry = Entry.objects.get(action="registers.system.changed")
    assert (entry.before["services"], entry.after["services"]) == ([], ["SVC-001"])
    assert "?service=SVC-001" in mei.client.get("/o/acme/scope/services/").content.decode()
    narrowed = mei.client.get("/o/acme/scope/?service=SVC-001").content.decode()
    assert "</a> Ledger" in narrowed
    assert "</a> Web shop" not in narrowed


def test_a_flow_is_added_and_shown_at_both_ends(acme, mei, ends):
    assert add(mei, ends).status_code == 302
    with scope(acme):
        flow = Flow.objects.get()
    assert (flow.ref, flow.data_classes, flow.encrypted, flow.direction) == ("FLW-001", ["customer"], True, "one_way")
    page = mei.client.get("/o/acme/scope/flows/").content.decode()
    assert "Orders." in page
    for system in ends:
        assert "FLW-001" in mei.client.get(f"/o/acme/scope/{system.pk}/").content.decode()


def test_what_nobody_has_said_of_encryption_stays_unsaid(acme, mei, ends):
    add(mei, ends, encrypted="")
    with scope(acme):
        flow = Flow.objects.get()
    assert flow.encrypted is None
    assert "Not said" in mei.client.get("/o/acme/scope/flows/?encrypted=unsaid").content.decode()
    assert "FLW-001" not in mei.client.get("/o/acme/scope/flows/?encrypted=no").content.decode()


def test_a_flow_changes_and_goes_and_the_trail_keeps_it(acme, mei, ends):
    add(mei, ends)
    with scope(acme):
        flow = Flow.objects.get()
    asked = flow_asked(ends, direction="both_ways", encrypted="no")
    assert mei.client.post(f"/o/acme/scope/flows/{flow.pk}/", asked).status_code == 302
    assert mei.client.post(f"/o/acme/scope/flows/{flow.pk}/remove/").status_code == 302
    with scope(acme):
        assert not Flow.objects.exists()
        changed = Entry.objects.get(action="registers.flow.changed")
        removed = Entry.objects.get(action="registers.flow.removed")
    assert changed.after == {"direction": "both_ways", "encrypted": False}
    assert removed.before["target"] == "SYS-002 Ledger"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"source": ""}, "required"), ({"data_classes": ["secrets of state"]}, "valid choice"), ({"target": "same"}, "another")],
)
def test_a_wrong_flow_says_so(acme, mei, ends, wrong, said):
    if wrong == {"target": "same"}:
        wrong = {"target": str(ends[0].pk)}
    answer = add(mei, ends, **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(acme):
        assert not Flow.objects.exists()


def test_a_data_class_of_ones_own_can_be_chosen(acme, mei, ends):
    assert mei.client.post("/o/acme/scope/data-classes/add/", {"name": "Health records"}).status_code == 302
    with scope(acme):
        assert data_classes()["health_records"] == "Health records"
    assert add(mei, ends, data_classes=["health_records"]).status_code == 302
    again = mei.client.post("/o/acme/scope/data-classes/add/", {"name": "health RECORDS"})
    assert (again.status_code, b"already" in again.content) == (422, True)
    assert mei.client.post("/o/acme/scope/data-classes/add/", {"name": "Customer"}).status_code == 422


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_other_roles_read_and_may_not_change(acme, mei, ends, who, request):
    person = request.getfixturevalue(who)
    with scope(acme):
        service, flow = add_service(actor=mei.actor, name="Payments"), add_flow(
            actor=mei.actor, source=ends[0], target=ends[1]
        )
    for address in ("services/", "flows/", "inbox/"):
        assert person.client.get(f"/o/acme/scope/{address}").status_code == 200
    for address in ("services/add/", f"services/{service.pk}/", "flows/add/", f"flows/{flow.pk}/", "data-classes/add/"):
        assert person.client.post(f"/o/acme/scope/{address}").status_code == 403


def test_nothing_is_written_where_nothing_differs(acme, mei, ends):
    with scope(acme):
        service = add_service(actor=mei.actor, name="Payments")
        flow = add_flow(actor=mei.actor, source=ends[0], target=ends[1])
        before = Entry.objects.count()
        change_service(actor=mei.actor, service=service, name="Payments", active=True)
        change_flow(actor=mei.actor, flow=flow, direction="one_way", encrypted=None)
        assert Entry.objects.count() == before


def test_another_organisation_sees_nothing(acme, mei, ends, stranger):
    add(mei, ends)
    with scope(acme):
        flow, made = Flow.objects.get(), DataClass.objects.create(code="acme_only", name="Only Acme knows")
    assert stranger.client.get(f"/o/borealis/scope/flows/{flow.pk}/").status_code == 404
    assert made.name not in stranger.client.get("/o/borealis/scope/flows/").content.decode()
    elsewhere = stranger.client.post("/o/borealis/scope/flows/add/", flow_asked(ends))
    assert elsewhere.status_code == 422
