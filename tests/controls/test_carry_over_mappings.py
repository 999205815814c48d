"""A new version of a framework keeps what stands on the old one, and carries mappings over to the same requirements."""

from __future__ import annotations

from compliance.frameworks.models import Crosswalk, Framework
from compliance.frameworks.services.load import load_library
from compliance.frameworks.services.prepare import prepare
from controls.models import Control, Mapping
from controls.services.mapping import map_control
from tests.factories.compliance import make_programme
from tests.frameworks.test_load_library import library, load, node

OLD = [
    node("1", assessable=False, name="Access"), node("1.1", "1", name="Accounts", description="One person each."),
    node("1.2", "1", name="Leavers", description="They end."), node("2", assessable=False, name="Rest"),
    node("2.1", "2", name="Gone", description="It goes."),
]  # fmt: skip
NEW = [
    node("1", assessable=False, name="Access"), node("1.1", "1", name="Accounts", description="One person each, named."),
    node("2", assessable=False, name="Rest"), node("1.2", "2", name="Leavers", description="They  end."),
    node("2.2", "2", name="New", description="It comes."),
]  # fmt: skip


def control(ref="AC-01"):
    return Control.objects.create(ref=ref, title="Accounts", statement="Done.")


def second(mei, nodes=NEW):
    return load(mei, library(nodes, version="2")).frameworks[0]


def test_the_difference_names_what_was_added_withdrawn_reworded_and_moved(room, mei):
    load(mei, library(OLD))
    found = second(mei).difference
    assert (found["added"], found["withdrawn"]) == (["2.2"], ["2.1"])
    assert [each["ref"] for each in found["changed"]] == ["1.1"]  # two spaces for one are no change
    assert found["moved"] == [{"ref": "1.2", "before": "1", "after": "2"}]
    assert found["unchanged"] == 2


def test_mappings_carry_over_with_their_part_and_the_old_ones_stay(room, mei):
    [old] = load(mei, library(OLD)).frameworks
    made = control()
    for ref in ("1.1", "2.1"):
        map_control(actor=mei.actor, control=made, requirement=old.requirements.get(ref=ref), part=f"part of {ref}")
    new = second(mei)
    kept = Mapping.objects.filter(requirement__framework=old).values_list("requirement__ref", "part")
    carried = Mapping.objects.filter(requirement__framework=new).values_list("requirement__ref", "part")
    assert sorted(kept) == [("1.1", "part of 1.1"), ("2.1", "part of 2.1")]
    assert list(carried) == [("1.1", "part of 1.1")]
    told = {each["noun"]: each for each in new.difference["carried"]}
    assert told["mappings of controls"]["left"] == ["AC-01 is mapped to 2.1, which was withdrawn."]


def test_a_programme_stays_with_its_version_and_is_named(room, mei):
    [old] = load(mei, library(OLD)).frameworks
    programme = make_programme(
        mei.actor, kind="other", name="Own rules", framework=old, period_start=None, period_end=None, fieldwork_start=None
    )
    new = second(mei)
    programme.refresh_from_db()
    assert programme.framework_id == old.pk
    left = [line for each in new.difference["carried"] for line in each["left"]]
    assert left == ["Own rules is measured against version 1."]


def test_relations_carry_over_and_say_from_which_version(room, mei):
    [old] = load(mei, library(OLD)).frameworks
    iso = Framework.objects.get(key="iso27001-2022")
    target = iso.requirements.get(ref="A.5.16")
    row = old.requirements.get(ref="1.1")
    Crosswalk.objects.create(
        source=row, source_owner_id=row.organization_id, target=target, relation="subset", confidence="stated", sources=["x"]
    )
    new = second(mei)
    carried = Crosswalk.objects.get(source__framework=new)
    assert (carried.source.ref, carried.target, carried.sources) == ("1.1", target, ["x", "as for version 1"])


def test_a_chosen_version_is_followed_whatever_it_is_called(room, mei):
    [old] = load(mei, library(OLD)).frameworks
    content = library(NEW, version="2026", ref="renamed")
    prepared = prepare(content=content, name="x.yaml", follows=old)
    assert prepared.plans[0].before == old
    [new] = load_library(actor=mei.actor, library=prepared.library, follows=old).frameworks
    assert new.follows == old.pk
    assert new.difference["withdrawn"] == ["2.1"]
