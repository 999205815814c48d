"""Deciding what is in and what is out: with a reason, and with every earlier decision kept."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance.registers.models import ScopeDecision, System
from compliance.registers.services import decide_scope
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_system


@pytest.fixture
def system(acme, mei):
    with scope(acme):
        return make_system(mei.actor)


def decide(person, system, **fields):
    asked = {"decision": "out", "justification": "A sandbox: no customer data, thrown away weekly."} | fields
    return person.client.post(f"/o/acme/scope/{system.pk}/decide/", asked)


def test_it_decides(acme, mei, system):
    assert decide(mei, system).status_code == 302
    with scope(acme):
        system.refresh_from_db()
    assert system.decision == "out"
    page = mei.client.get(f"/o/acme/scope/{system.pk}/").content.decode()
    assert "A sandbox: no customer data" in page
    assert "Mei-Ling Chu" in page


@pytest.mark.parametrize(
    "wrong", [{"justification": ""}, {"justification": "   "}, {"decision": ""}, {"decision": "undecided"}]
)
def test_it_needs_a_decision_and_a_reason(acme, mei, system, wrong):
    answer = decide(mei, system, **wrong)
    assert answer.status_code == 422
    assert "Nothing was decided" in answer.content.decode()
    with scope(acme):
        assert not ScopeDecision.objects.exists()


def test_a_service_asks_for_the_reason_too(acme, mei, system):
    with scope(acme), pytest.raises(ValidationError):
        decide_scope(actor=mei.actor, system=system, decision="in", justification=" ")


def test_changing_it_keeps_the_old_one(acme, mei, system):
    decide(mei, system)
    decide(mei, system, decision="in", justification="It holds a copy of production after all.")
    with scope(acme):
        assert [each.decision for each in ScopeDecision.objects.all()] == ["in", "out"]
        with pytest.raises(DatabaseError), transaction.atomic():
            ScopeDecision.objects.update(justification="rewritten")
    page = mei.client.get(f"/o/acme/scope/{system.pk}/").content.decode()
    assert "A sandbox: no customer data" in page
    assert "a copy of production after all" in page


def test_several_are_decided_at_once_each_with_its_own_history(acme, mei, system):
    with scope(acme):
        other = make_system(mei.actor, "Warehouse")
    ticked = {"systems": [str(system.pk), str(other.pk)], "decision": "in", "justification": "They hold customer data."}
    assert mei.client.post("/o/acme/scope/decide/", ticked).status_code == 302
    with scope(acme):
        assert set(System.objects.values_list("decision", flat=True)) == {"in"}
        assert ScopeDecision.objects.count() == 2
        assert Entry.objects.filter(action="registers.system.decided").count() == 2


def test_a_refused_bulk_decision_keeps_what_was_ticked_and_written(acme, mei, system):
    asked = {"systems": [str(system.pk)], "justification": "Written at length."}
    answer = mei.client.post("/o/acme/scope/decide/", asked)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{system.pk}" checked' in page
    assert "Written at length." in page


def test_nothing_ticked_is_said(mei, system):
    answer = mei.client.post("/o/acme/scope/decide/", {"decision": "in", "justification": "x"})
    assert answer.status_code == 422
    assert "Tick the systems" in answer.content.decode()


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
def test_other_roles_are_refused(acme, system, who, request):
    person = request.getfixturevalue(who)
    assert decide(person, system).status_code == 403
    assert person.client.post("/o/acme/scope/decide/", {"systems": [str(system.pk)]}).status_code == 403
    with scope(acme):
        assert not ScopeDecision.objects.exists()


def test_another_organisation_sees_nothing(acme, system, stranger):
    assert stranger.client.post(f"/o/borealis/scope/{system.pk}/decide/").status_code == 404
    assert decide(stranger, system).status_code == 404
    ticked = {"systems": [str(system.pk)], "decision": "out", "justification": "Not mine."}
    assert stranger.client.post("/o/borealis/scope/decide/", ticked).status_code == 422
    with scope(acme):
        system.refresh_from_db()
        assert system.decision == "undecided"


def test_it_leaves_a_trail(acme, mei, system):
    decide(mei, system)
    with scope(acme):
        entry = Entry.objects.get(action="registers.system.decided")
    assert (entry.before, entry.after["decision"]) == ({"decision": "undecided"}, "out")
    assert entry.after["justification"].startswith("A sandbox")
