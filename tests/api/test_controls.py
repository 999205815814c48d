"""Controls over the API: written, changed, concluded on by another, mapped, filtered and ordered."""

from __future__ import annotations

import pytest

from compliance.access.permissions import Permission
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Standing
from tests.api.conftest import Caller
from tests.api.test_read_and_write import problem

NEW = {"ref": "AC-01", "title": "Access review", "statement": "Owners review access.", "frequency": "quarterly"}


@pytest.fixture()
def control(caller) -> dict:
    return caller.post("controls/", NEW).json()


@pytest.fixture()
def criterion(caller) -> dict:
    return caller.get("requirements/?framework_key=soc2-tsc-2017&ref=CC6.1").json()["results"][0]


def test_a_control_is_written(caller, acme, mei, control):
    assert (control["ref"], control["design"], control["standing"], control["mappings"]) == ("AC-01", "not_assessed", None, [])
    with scope(acme):
        entry = Entry.objects.get(action="controls.control.added")
    assert entry.actor_label == "Token test"
    assert caller.get(f"controls/{control['id']}/").json() == control


def test_a_reference_is_taken_once(caller, control):
    assert "is taken" in problem(caller.post("controls/", NEW), 400)["errors"]["ref"][0]


def test_it_is_changed(caller, acme, mei, control):
    changed = caller.patch(f"controls/{control['id']}/", {"owner": str(mei.membership.pk), "key": False}).json()
    assert changed["owner"] == {"id": str(mei.membership.pk), "name": "Mei-Ling Chu"}
    assert changed["key"] is False
    problem(caller.patch(f"controls/{control['id']}/", {"implementation": "retired"}), 400)
    problem(caller.patch(f"controls/{control['id']}/", {"ref": "AC-02"}), 400)


def test_tests_have_a_type_and_a_text(caller, control):
    tests = [{"type": "inspection", "text": "Inspect the last review."}]
    assert caller.patch(f"controls/{control['id']}/", {"test_procedures": tests}).json()["test_procedures"] == tests
    wrong = problem(caller.patch(f"controls/{control['id']}/", {"test_procedures": [{"type": "guess", "text": ""}]}), 400)
    assert set(wrong["errors"]["test_procedures"]["0"]) == {"type", "text"}


def test_its_design_is_concluded_on_by_another_than_its_owner(caller, acme, mei, femi, token_of, control):
    caller.patch(f"controls/{control['id']}/", {"owner": str(mei.membership.pk)})
    conclusion = {"design": "suitable", "reason": "Walked through with the owner."}
    problem(caller.post(f"controls/{control['id']}/conclude/", conclusion), 403)
    by_femi = Caller(token_of(acme, Permission.CONTROL_CONCLUDE, created_by=femi.membership))
    concluded = by_femi.post(f"controls/{control['id']}/conclude/", conclusion).json()
    assert (concluded["design"], concluded["design_by"]["name"]) == ("suitable", "Femi Adeyemi")
    assert concluded["design_at"]


def test_a_token_that_nobody_made_concludes_nothing(acme, token_of, control):
    nobodys = Caller(token_of(acme, Permission.CONTROL_CONCLUDE))
    problem(nobodys.post(f"controls/{control['id']}/conclude/", {"design": "suitable", "reason": "x"}), 403)


def test_it_is_retired_with_a_reason_and_taken_up_again(caller, control):
    problem(caller.post(f"controls/{control['id']}/retire/"), 400)
    assert caller.post(f"controls/{control['id']}/retire/", {"reason": "Replaced."}).json()["implementation"] == "retired"
    assert caller.post(f"controls/{control['id']}/reinstate/").json()["implementation"] == "planned"


def test_it_is_mapped_and_unmapped(caller, control, criterion):
    address = f"controls/{control['id']}/mappings/"
    made = caller.post(address, {"requirement": criterion["id"], "part": "Logical access"})
    assert made.status_code == 201
    assert caller.get(f"controls/{control['id']}/").json()["mappings"][0]["requirement"]["ref"] == "CC6.1"
    assert [row["ref"] for row in caller.get(f"controls/?requirement={criterion['id']}").json()["results"]] == ["AC-01"]
    assert caller.delete(f"{address}{made.json()['id']}/").status_code == 204
    assert caller.get(address).json()["results"] == []


def test_it_is_filtered_by_what_the_floors_above_say(caller, acme, mei):
    for number in (1, 2, 3):
        caller.post("controls/", NEW | {"ref": f"AC-0{number}"})
    with scope(acme):
        first, second, _ = Control.objects.order_by("ref")
        Standing.objects.create(control=first, evidence="stale", operation="fail", open_gaps=2)
        Standing.objects.create(control=second, evidence="current", operation="pass")

    def refs(query: str) -> list[str]:
        return [row["ref"] for row in caller.get(f"controls/?{query}").json()["results"]]

    assert refs("evidence=stale") == ["AC-01"]
    assert refs("evidence=missing") == ["AC-03"]
    assert refs("operation=not_observed") == ["AC-03"]
    assert refs("has_gaps=true") == ["AC-01"]
    assert refs("has_gaps=false") == ["AC-02", "AC-03"]
    assert refs("ordering=gaps") == ["AC-01", "AC-02", "AC-03"]
    assert refs("ordering=-evidence") == ["AC-02", "AC-01", "AC-03"]
    assert refs("ordering=operation&unowned=true") == ["AC-01", "AC-03", "AC-02"]
    assert refs(f"owner={mei.membership.pk}") == []


# --- what it stated, where it applies, what stands in for it ----------------------------------------------------------


def test_each_change_is_listed_as_a_version_with_why(caller, control):
    caller.patch(f"controls/{control['id']}/", {"title": "Reviews", "reason": "Too long."})
    rows = caller.get(f"controls/{control['id']}/versions/").json()["results"]
    assert [(row["number"], row["changed"], row["reason"]) for row in rows] == [(2, ["title"], "Too long."), (1, [], "")]
    assert rows[1]["stated"]["title"] == "Access review"


def test_the_version_in_force_on_a_day_can_be_asked_for(caller, acme, control):
    address = f"controls/{control['id']}/versions/"
    day = today(acme.timezone)
    assert [row["number"] for row in caller.get(f"{address}?on={day}").json()["results"]] == [1]
    assert caller.get(f"{address}?on=2020-01-01").json()["results"] == []
    assert caller.get(f"{address}?on=0001-01-01").json()["results"] == []
    problem(caller.get(f"{address}?on=soon"), 400)


def test_conclusions_on_its_design_are_listed_with_their_version(caller, acme, femi, token_of, control):
    by_femi = Caller(token_of(acme, Permission.CONTROL_CONCLUDE, Permission.CONTROL_VIEW, created_by=femi.membership))
    by_femi.post(f"controls/{control['id']}/conclude/", {"design": "suitable", "reason": "Walked through."})
    (row,) = by_femi.get(f"controls/{control['id']}/conclusions/").json()["results"]
    assert (row["design"], row["version"], row["reason"]) == ("suitable", 1, "Walked through.")


def test_it_names_the_services_that_it_applies_to_and_the_systems_that_it_operates_on(caller, control):
    system = caller.post("systems/", {"kind": "database", "name": "Ledger"}).json()
    service = caller.post("services/", {"name": "Payments"}).json()
    other = caller.post("services/", {"name": "Reports"}).json()
    applied = caller.post(f"controls/{control['id']}/apply/", {"systems": [system["id"]], "services": [service["id"]]}).json()
    assert (applied["systems"][0]["ref"], applied["services"][0]["name"]) == (system["ref"], "Payments")
    assert caller.get(f"controls/{control['id']}/").json() == applied
    found = caller.get(f"controls/?system={system['id']}").json()["results"]
    assert [(row["ref"], row["systems"], row["services"]) for row in found] == [("AC-01", applied["systems"], applied["services"])]
    assert caller.get(f"controls/?service={other['id']}").json()["results"] == []
    assert len(caller.get(f"controls/?service={service['id']}").json()["results"]) == 1
    problem(caller.post(f"controls/{control['id']}/apply/", {"systems": [control["id"]], "services": []}), 404)


def test_another_control_stands_in_and_stops(caller, control):
    other = caller.post("controls/", NEW | {"ref": "AC-02"}).json()
    address = f"controls/{control['id']}/compensations/"
    asked = {"by": other["id"], "reason": "It shows the same accounts.", "starts_on": "2026-03-01"}
    made = caller.post(address, asked)
    assert made.status_code == 201
    assert (made.json()["by"]["ref"], made.json()["ends_on"]) == ("AC-02", None)
    assert "named already" in problem(caller.post(address, asked), 400)["errors"]["by"][0]
    problem(caller.post(address, asked | {"by": control["id"]}), 400)
    problem(caller.post(f"{address}{made.json()['id']}/end/", {}), 400)
    ended = caller.post(f"{address}{made.json()['id']}/end/", {"reason": "The first works again."}).json()
    assert (ended["ends_on"] is not None, ended["end_reason"]) == (True, "The first works again.")
    assert [row["id"] for row in caller.get(address).json()["results"]] == [ended["id"]]
