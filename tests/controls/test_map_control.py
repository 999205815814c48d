"""Saying which requirements a control meets."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Mapping
from controls.services.mapping import map_control
from tests.factories.controls import criterion, make_control, map_to

pytestmark = pytest.mark.django_db


def at(name, pk):
    return reverse(f"controls:{name}", args=["acme", pk])


def form(ref="CC6.1", part=""):
    return {"framework": criterion().framework_id, "ref": ref, "part": part}


def test_a_control_is_mapped_to_a_part_of_a_requirement(acme, mei):
    with scope(acme):
        control = make_control()
        sent = form("cc6.3", "accounts that are not needed")
    mei.client.post(at("map", control.pk), sent)
    with scope(acme):
        mapping = Mapping.objects.get()
        assert (mapping.requirement.ref, mapping.part) == ("CC6.3", "accounts that are not needed")
        assert Entry.objects.get(action="controls.control.mapped").after["requirement"] == "CC6.3"


def test_mapping_again_changes_the_part_and_adds_no_second(room, mei):
    control, requirement = make_control(), criterion()
    map_control(actor=mei.actor, control=control, requirement=requirement, part="one")
    map_control(actor=mei.actor, control=control, requirement=requirement, part="two")
    map_control(actor=mei.actor, control=control, requirement=requirement, part="two")
    assert [mapping.part for mapping in Mapping.objects.all()] == ["two"]
    assert Entry.objects.filter(action="controls.control.mapped").count() == 2


@pytest.mark.parametrize(("ref", "said"), [("CC99.9", "has no requirement CC99.9"), ("CC6", "only groups others")])
def test_what_is_no_requirement_is_said_beside_the_field(acme, mei, ref, said):
    with scope(acme):
        control, sent = make_control(), form(ref)
    answer = mei.client.post(at("map", control.pk), sent)
    assert answer.status_code == 422
    assert said in answer.context["mapping_form"].errors["ref"][0]


def test_a_mapping_is_taken_away_and_the_trail_keeps_it(acme, mei):
    with scope(acme):
        control = make_control()
        mapping = map_to(control, "CC6.1", part="passwords")[0]
    mei.client.post(at("unmap", mapping.pk))
    with scope(acme):
        assert not Mapping.objects.exists()
        before = Entry.objects.get(action="controls.control.unmapped").before
        assert before == {"requirement": "CC6.1", "part": "passwords"}


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
def test_who_may_not_change_controls_may_not_map_them(acme, request, who):
    person = request.getfixturevalue(who)
    with scope(acme):
        control = make_control(owner=person.membership)
        mapping, sent = map_to(control, "CC6.1")[0], form()
    assert person.client.post(at("map", control.pk), sent).status_code == 403
    assert person.client.post(at("unmap", mapping.pk)).status_code == 403


def test_a_mapping_of_another_organisation_does_not_exist(acme, borealis, mei, stranger):
    with scope(borealis):
        mapping = map_to(make_control(), "CC6.1")[0]
    assert mei.client.post(at("unmap", mapping.pk)).status_code == 404
