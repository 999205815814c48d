"""The bulk editor: fields and decision of several systems at once, with one reason."""

from __future__ import annotations

import pytest

from compliance.registers.models import ScopeDecision, System
from compliance.registers.services import add_service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_system


@pytest.fixture
def two(acme, mei):
    with scope(acme):
        return make_system(mei.actor), make_system(mei.actor, "Warehouse")


def change(person, systems, **fields):
    asked = {"systems": [str(each.pk) for each in systems], "reason": "They moved to the payments team."} | fields
    return person.client.post("/o/acme/scope/change/", asked)


def test_it_sets_what_was_chosen_and_leaves_the_rest(acme, mei, jonas, two):
    with scope(acme):
        service = add_service(actor=mei.actor, name="Payments")
        System.objects.filter(pk=two[0].pk).update(vendor="Aiven")
    fields = {
        "environment": "staging", "owner": str(jonas.membership.pk), "data_classes": ["customer", "personal"],
        "services": [str(service.pk)],
    }  # fmt: skip
    assert change(mei, two, **fields).status_code == 302
    with scope(acme):
        first, second = System.objects.order_by("id")
        for system in (first, second):
            assert (system.environment, system.owner_id) == ("staging", jonas.membership.pk)
            assert system.data_classes == ["customer", "personal"]
            assert list(system.services.all()) == [service]
        assert (first.vendor, second.vendor, first.decision) == ("Aiven", "", "undecided")


def test_one_reason_stands_in_the_trail_of_each(acme, mei, two):
    change(mei, two, environment="production", decision="in")
    with scope(acme):
        entries = Entry.objects.filter(action="registers.system.changed")
        assert {entry.after["reason"] for entry in entries} == {"They moved to the payments team."}
        assert entries.count() == 2
        assert set(ScopeDecision.objects.values_list("decision", "justification")) == {
            ("in", "They moved to the payments team.")
        }


def test_nobody_and_not_said_can_be_set(acme, mei, jonas, two):
    change(mei, two, environment="staging", owner=str(jonas.membership.pk))
    change(mei, two, environment="-", owner="-")
    with scope(acme):
        assert set(System.objects.values_list("environment", "owner")) == {("", None)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"environment": "staging", "reason": " "}, "Say why."),
        ({}, "Choose what to set."),
        ({"environment": "staging", "nobody": True}, "Tick the systems"),
        ({"owner": "01890000-0000-7000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_refused_nothing_is_written_and_nothing_typed_is_lost(acme, mei, two, wrong, said):
    answer = change(mei, () if wrong.get("nobody") else two, vendor="", **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(acme):
        assert set(System.objects.values_list("environment", flat=True)) == {""}
        assert not Entry.objects.filter(action="registers.system.changed").exists()


@pytest.mark.parametrize("who", ["jonas", "femi", "noor"])
def test_other_roles_are_refused(two, who, request):
    person = request.getfixturevalue(who)
    assert change(person, two, environment="staging").status_code == 403


def test_another_organisation_changes_nothing(acme, two, stranger):
    asked = {"systems": [str(two[0].pk)], "reason": "Mine.", "environment": "test"}
    assert stranger.client.post("/o/borealis/scope/change/", asked).status_code == 422
    with scope(acme):
        assert System.objects.get(pk=two[0].pk).environment == ""
