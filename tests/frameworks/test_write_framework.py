"""A framework of one's own is written in the product: its requirements, their order, its versions."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from compliance.frameworks.models import Framework, Requirement
from compliance.frameworks.services.own import (
    add_requirement,
    begin_version,
    change_requirement,
    create_framework,
    move_requirement,
    remove_requirement,
)
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Mapping
from controls.services.mapping import map_control
from tests.frameworks.test_load_library import TREE, library, load


@pytest.fixture()
def own(room, mei):
    made = create_framework(actor=mei.actor, title="House rules")
    group = add_requirement(actor=mei.actor, framework=made, ref="1", title="Access", assessable=False)
    for ref in ("1.1", "1.2", "1.3"):
        add_requirement(actor=mei.actor, framework=made, ref=ref, title=f"Rule {ref}", parent=group)
    add_requirement(actor=mei.actor, framework=made, ref="2", title="Rest")
    return made


def refs(framework):
    return list(Requirement.objects.filter(framework=framework).order_by("position").values_list("ref", flat=True))


def row(framework, ref):
    return Requirement.objects.get(framework=framework, ref=ref)


def test_requirements_stand_below_their_parent_in_the_order_they_came(own):
    assert refs(own) == ["1", "1.1", "1.2", "1.3", "2"]


def test_a_row_moves_with_all_that_stands_below_it(own, mei):
    move_requirement(actor=mei.actor, requirement=row(own, "2"), by=-1)
    assert refs(own) == ["2", "1", "1.1", "1.2", "1.3"]
    move_requirement(actor=mei.actor, requirement=row(own, "1.3"), by=-1)
    assert refs(own) == ["2", "1", "1.1", "1.3", "1.2"]


def test_the_first_cannot_move_up(own, mei):
    move_requirement(actor=mei.actor, requirement=row(own, "1"), by=-1)
    assert refs(own)[0] == "1"


def test_a_reference_is_taken_once(own, mei):
    with pytest.raises(ValidationError, match="1.1 is taken"):
        add_requirement(actor=mei.actor, framework=own, ref="1.1", title="Again")


def test_a_row_cannot_stand_below_itself(own, mei):
    with pytest.raises(ValidationError, match="cannot stand there"):
        change_requirement(actor=mei.actor, requirement=row(own, "1"), parent=row(own, "1.2"))


def test_a_change_leaves_what_was_said_before_in_the_trail(own, mei):
    change_requirement(actor=mei.actor, requirement=row(own, "1.1"), text="Another text.")
    entry = Entry.objects.get(action="frameworks.requirement.changed")
    assert (entry.before, entry.after) == ({"text": "Rule 1.1"}, {"text": "Another text."})


def test_what_others_stand_below_stays(own, mei):
    with pytest.raises(ValidationError, match="Others stand below 1"):
        remove_requirement(actor=mei.actor, requirement=row(own, "1"))


def test_what_a_control_is_mapped_to_stays(own, mei):
    made = Control.objects.create(ref="AC-01", title="A", statement="B")
    map_control(actor=mei.actor, control=made, requirement=row(own, "1.1"))
    with pytest.raises(ValidationError, match="controls are mapped to it"):
        remove_requirement(actor=mei.actor, requirement=row(own, "1.1"))
    remove_requirement(actor=mei.actor, requirement=row(own, "1.2"))
    assert refs(own) == ["1", "1.1", "1.3", "2"]


def test_a_new_version_begins_as_the_old_one_and_can_be_changed(own, mei):
    made = Control.objects.create(ref="AC-01", title="A", statement="B")
    map_control(actor=mei.actor, control=made, requirement=row(own, "1.1"), part="half")
    new = begin_version(actor=mei.actor, framework=own, version="2")
    change_requirement(actor=mei.actor, requirement=row(new, "1.1"), title="Other")
    assert refs(new) == refs(own)
    assert row(own, "1.1").title == "Rule 1.1"
    assert Mapping.objects.get(requirement__framework=new).part == "half"


def test_an_imported_framework_is_its_publishers(room, mei):
    [theirs] = load(mei, library(TREE)).frameworks
    with pytest.raises(ValidationError, match="its publisher’s"):
        add_requirement(actor=mei.actor, framework=theirs, ref="9", title="Mine")


def test_it_is_written_on_its_pages(acme, mei):
    assert mei.client.post("/o/acme/frameworks/write/", {"title": ""}).status_code == 422
    answer = mei.client.post("/o/acme/frameworks/write/", {"title": "House rules", "version": "1"})
    assert (
        mei.client.post(answer["Location"], {"ref": "1", "title": "It holds.", "assessable": "on"}).status_code == 302
    )
    with scope(acme):
        made = Framework.objects.get(key="house-rules")
        assert refs(made) == ["1"]
    page = mei.client.get(f"/o/acme/frameworks/{made.pk}/?at=1").content.decode()
    assert "Add below" in page


def test_a_shipped_framework_has_no_page_to_change_it(acme, mei):
    with scope(acme):
        shipped = Framework.objects.get(key="soc2-tsc-2017")
    assert mei.client.get(f"/o/acme/frameworks/{shipped.pk}/change/").status_code == 404
