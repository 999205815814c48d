"""Many controls changed at once: ticked, looked at, and changed as it was shown, all of them or none."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control
from controls.services.change import ChangedMeanwhileError, change_control
from controls.services.change_many import change_many, plan_many
from tests.factories.controls import make_control, map_to

MATRIX = reverse("controls:matrix", args=["acme"])
MANY = reverse("controls:change_ticked", args=["acme"])


@pytest.fixture()
def three(acme, soc2_programme):
    with scope(acme):
        made = [make_control(f"AC-0{number}") for number in (1, 2)]
        made.append(make_control("AC-03", implementation="retired"))
        for each in made:
            map_to(each, "CC6.1")
        return made


def ticked(person, *refs, query="mode=edit", **fields):
    return person.client.post(f"{MANY}?{query}", {"controls": refs, **fields})


def looked_at(person, *refs, **fields):
    answer = ticked(person, *refs, step="look", **fields)
    assert answer.status_code == 200
    return answer.context["plan"]


def test_it_says_first_what_would_change_and_what_cannot(acme, mei, three):
    answer = ticked(mei, "AC-01", "AC-02", "AC-03", step="look", frequency="monthly", key="no")
    content = answer.content.decode()
    assert [each.control.ref for each in answer.context["plan"].changed] == ["AC-01", "AC-02"]
    assert "It is retired. Take it up again first." in content
    assert "Change 2 controls" in content
    assert ">Quarterly</td>" in content
    with scope(acme):
        assert not Control.objects.filter(frequency="monthly").exists()


def test_it_is_then_done_as_it_was_shown_with_an_entry_for_each(acme, mei, jonas, three):
    asked = {"owner": str(jonas.membership.pk), "implementation": "partly", "starts_on": "2026-02-01", "key": "no"}
    plan = looked_at(mei, "AC-01", "AC-02", "AC-03", **asked)
    answer = ticked(mei, step="apply", chosen="AC-01 AC-02 AC-03", seen=plan.seen, **asked)
    assert answer["Location"] == f"{MATRIX}?mode=edit"
    with scope(acme):
        found = list(Control.objects.exclude(ref="AC-03").values_list("owner", "implementation", "starts_on", "key"))
        assert found == [(jonas.membership.pk, "partly", date(2026, 2, 1), False)] * 2
        assert Control.objects.get(ref="AC-03").owner_id is None
        assert Entry.objects.filter(action="controls.control.changed").count() == 2


def test_all_that_the_filters_show_may_be_chosen(acme, mei, three):
    with scope(acme):
        make_control("ZZ-01", frequency="annual")
    answer = ticked(mei, query="q=AC-0&mode=edit", all="yes")
    assert [each.ref for each in answer.context["controls"]] == ["AC-01", "AC-02"]
    assert b"All 3 controls that the filters show" in mei.client.get(MATRIX + "?mode=edit").content


def test_nobody_and_not_said_can_be_set(acme, mei, jonas, three):
    with scope(acme):
        Control.objects.update(owner=jonas.membership)
    plan = looked_at(mei, "AC-01", owner="-", frequency="-")
    assert ticked(mei, "AC-01", step="apply", seen=plan.seen, owner="-", frequency="-").status_code == 302
    with scope(acme):
        control = Control.objects.get(ref="AC-01")
        assert (control.owner_id, control.frequency) == (None, "")


def test_what_changed_since_it_was_looked_at_is_looked_at_again(acme, mei, three):
    plan = looked_at(mei, "AC-01", "AC-02", frequency="monthly")
    with scope(acme):
        change_control(actor=mei.actor, control=three[1], title="Another title")
    answer = ticked(mei, "AC-01", "AC-02", step="apply", seen=plan.seen, frequency="monthly")
    assert answer.status_code == 409
    assert b"have changed since you looked" in answer.content
    with scope(acme):
        assert not Control.objects.filter(frequency="monthly").exists()
    again = answer.context["plan"].seen
    assert ticked(mei, "AC-01", "AC-02", step="apply", seen=again, frequency="monthly").status_code == 302


def test_one_that_is_refused_keeps_all_as_they_were(acme, mei, three):
    with scope(acme):
        Control.objects.filter(ref="AC-02").update(title="")
        controls = list(Control.objects.exclude(ref="AC-03"))
        seen = plan_many(controls, {"frequency": "monthly"}).seen
    answer = ticked(mei, "AC-01", "AC-02", step="apply", seen=seen, frequency="monthly")
    assert answer.status_code == 422
    assert b"AC-02: Give it a title." in answer.content
    with scope(acme):
        assert set(Control.objects.values_list("frequency", flat=True)) == {"quarterly"}
        assert not Entry.objects.filter(action="controls.control.changed").exists()


def test_the_service_refuses_what_nobody_looked_at(acme, mei, three):
    with scope(acme), pytest.raises(ChangedMeanwhileError):
        change_many(actor=mei.actor, controls=three, seen="", frequency="monthly")


def test_a_design_that_has_to_be_concluded_on_again_is_announced(acme, mei, three):
    with scope(acme):
        Control.objects.filter(ref="AC-01").update(design="suitable", design_at="2026-01-01T00:00:00Z")
    answer = ticked(mei, "AC-01", "AC-02", step="look", frequency="monthly")
    assert b"conclude again on the design of 1 of these" in answer.content


def test_with_nothing_chosen_it_says_so(mei, three):
    assert ticked(mei).status_code == 302
    answer = ticked(mei, "AC-01", step="look")
    assert answer.status_code == 422
    assert b"Choose what to set." in answer.content
    assert b"AC-01" in answer.content


@pytest.mark.parametrize("wrong", [{"owner": "nobody"}, {"frequency": "hourly"}, {"implementation": "retired"}, {"starts_on": "soon"}])
def test_what_is_wrong_is_refused(mei, three, wrong):
    assert ticked(mei, "AC-01", step="look", **wrong).status_code == 422


@pytest.mark.parametrize("refs", [["ZZ-99"], ["a\x00b"], ["x" * 400], ["AC-01'"]])
def test_a_reference_that_is_none_chooses_nothing(mei, three, refs):
    answer = ticked(mei, *refs)
    assert answer.status_code in (200, 302)
    assert answer.status_code == 302 or list(answer.context["controls"]) == []


@pytest.mark.parametrize("who", ["jonas", "femi", "noor"])
def test_who_may_not_change_controls_is_refused(three, who, request):
    assert ticked(request.getfixturevalue(who), "AC-01", step="look", frequency="monthly").status_code == 403


def test_another_organisation_reaches_none_of_them(acme, three, stranger):
    answer = stranger.client.post("/o/borealis/controls/change/", {"controls": ["AC-01"], "step": "look", "frequency": "monthly"})
    assert list(answer.context["controls"]) == []
