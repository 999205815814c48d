"""A file of frameworks is loaded whole: frameworks, relations and suggested controls, into one room."""

from __future__ import annotations

import time

import pytest
import yaml
from django.core.exceptions import ValidationError

from compliance.frameworks.models import Crosswalk, Framework, PointOfFocus, Requirement, SuggestedControl
from compliance.frameworks.services.load import load_library
from compliance.frameworks.services.prepare import prepare
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry


def library(nodes, *, version="1", ref="acme-rules", **objects):
    """A library in the public format, in our own words."""
    framework = {
        "urn": f"urn:acme:risk:framework:{ref}",
        "ref_id": ref,
        "name": "Rules of Acme",
        "requirement_nodes": nodes,
    }
    head = {"urn": f"urn:acme:risk:library:{ref}", "name": "Rules of Acme", "version": version, "provider": "Acme"}
    return yaml.safe_dump(head | {"objects": {"framework": framework} | objects}, allow_unicode=True).encode()


def node(tail, parent="", ref="acme-rules", **fields):
    urn = f"urn:acme:risk:req_node:{ref}:"
    above = {"parent_urn": f"{urn}{parent.lower()}"} if parent else {}
    return {"urn": f"{urn}{tail.lower()}", "ref_id": tail, "assessable": True, "depth": 1} | above | fields


def load(person, content, name="rules.yaml", **more):
    prepared = prepare(content=content, name=name, **more)
    return load_library(actor=person.actor, library=prepared.library, follows=more.get("follows"))


TREE = [
    node("1", assessable=False, name="Access"),
    node("1.1", "1", name="Accounts", description="Each account belongs to one person."),
    node("1.2", "1", name="Leavers", description="Accounts end on the last day."),
]


def test_it_keeps_the_tree_and_its_order(room, mei):
    [framework] = load(mei, library(TREE)).frameworks
    rows = list(Requirement.objects.filter(framework=framework).select_related("parent"))
    assert [(row.ref, row.parent and row.parent.ref, row.assessable) for row in rows] == [
        ("1", None, False), ("1.1", "1", True), ("1.2", "1", True),
    ]  # fmt: skip
    assert (framework.key, framework.version, framework.publisher) == ("acme-rules", "1", "Acme")
    assert rows[1].text == "Each account belongs to one person."


def test_it_leaves_a_trail(room, mei):
    [framework] = load(mei, library(TREE)).frameworks
    entry = Entry.objects.get(action="frameworks.framework.imported")
    assert (entry.target_id, entry.after["requirements"], entry.after["assessable"]) == (framework.pk, 3, 2)


def test_the_same_file_again_changes_nothing(room, mei):
    load(mei, library(TREE))
    again = load(mei, library(TREE))
    assert (again.frameworks, len(again.unchanged), Framework.objects.filter(key="acme-rules").count()) == ([], 1, 1)


def test_the_same_version_with_another_content_is_refused(room, mei):
    load(mei, library(TREE))
    with pytest.raises(ValidationError, match="version of its own"):
        load(mei, library(TREE[:2]))
    assert Requirement.objects.filter(framework__key="acme-rules").count() == 3


def test_another_organisation_does_not_see_it(acme, borealis, mei):
    with scope(acme):
        load(mei, library(TREE))
    with scope(borealis):
        assert not Framework.objects.filter(key="acme-rules").exists()
        assert not Requirement.objects.filter(ref="1.1", framework__key="acme-rules").exists()


def test_a_mapping_relates_it_to_a_shipped_framework_and_skips_what_is_not_there(room, mei):
    pairs = [
        {"source_requirement_urn": "urn:acme:risk:req_node:acme-rules:1.1",
         "target_requirement_urn": "urn:intuitem:risk:req_node:iso27001-2022:a.5.16", "relationship": "subset"},
        {"source_requirement_urn": "urn:acme:risk:req_node:acme-rules:9.9",
         "target_requirement_urn": "urn:intuitem:risk:req_node:iso27001-2022:a.5.18", "relationship": "intersect"},
    ]  # fmt: skip
    mapping = {
        "urn": "urn:acme:risk:req_mapping_set:acme-iso", "name": "Acme to ISO",
        "source_framework_urn": "urn:acme:risk:framework:acme-rules",
        "target_framework_urn": "urn:intuitem:risk:framework:iso27001-2022", "requirement_mappings": pairs,
    }  # fmt: skip
    [related] = load(mei, library(TREE, requirement_mapping_sets=[mapping])).relations or [None]
    if related.source is None:  # the set is resolved after its framework is loaded
        pytest.fail("the framework of the same file was not found")
    row = Crosswalk.objects.get(source__ref="1.1", source__framework__key="acme-rules")
    assert (row.relation, row.target.ref, row.confidence) == ("subset", "A.5.16", "stated")
    assert [each["why"] for each in related.unresolved] == [
        "There is no requirement urn:acme:risk:req_node:acme-rules:9.9."
    ]


def test_the_older_singular_key_of_a_mapping_is_read_too(room, mei):
    load(mei, library(TREE))
    mapping = {
        "urn": "urn:acme:risk:req_mapping_set:acme-iso", "source_framework_urn": "urn:acme:risk:framework:acme-rules",
        "target_framework_urn": "urn:acme:risk:framework:never-loaded", "requirement_mappings": [],
    }  # fmt: skip
    content = yaml.safe_dump({"urn": "x", "objects": {"requirement_mapping_set": mapping}}).encode()
    [related] = load(mei, content).relations
    assert related.unresolved[0]["why"] == "The framework urn:acme:risk:framework:never-loaded is not loaded."


def test_suggested_controls_are_kept_beside_their_requirements(room, mei):
    suggested = [
        {"urn": "urn:acme:risk:function:pol-1", "ref_id": "POL.1", "name": "Account policy", "category": "policy"}
    ]
    tree = [TREE[0], TREE[1] | {"reference_controls": ["urn:acme:risk:function:pol-1"]}]
    load(mei, library(tree, reference_controls=suggested))
    assert SuggestedControl.objects.get().title == "Account policy"
    assert Requirement.objects.get(framework__key="acme-rules", ref="1.1").attributes["reference_controls"] == [
        "urn:acme:risk:function:pol-1"
    ]


def test_points_of_focus_of_the_trust_services_criteria_are_guidance_and_the_criterion_is_assessed(room, mei):
    ref = "soc2-2017-rev-2022"
    tree = [
        node("CC1", ref=ref, assessable=False),
        node("CC1.1", "CC1", ref=ref, assessable=False, description="Integrity."),
        node("CC1.1.1", "CC1.1", ref=ref, description="Sets the tone."),
    ]
    [framework] = load(mei, library(tree, ref=ref)).frameworks
    assert list(Requirement.objects.filter(framework=framework, assessable=True).values_list("ref", flat=True)) == [
        "CC1.1"
    ]
    assert PointOfFocus.objects.get().text == "Sets the tone."


def test_fourteen_hundred_requirements_load_in_seconds(room, mei):
    tree = [node(str(group), assessable=False) for group in range(14)]
    tree += [node(f"{n % 14}.{n}", str(n % 14), name=f"Rule {n}", description="It holds. " * 60) for n in range(1400)]
    content = library(tree)
    began = time.monotonic()
    loaded = load(mei, content)
    took = time.monotonic() - began
    print(f"\n1,414 rows ({len(content) // 1024} KB of YAML) loaded in {took:.2f} s")  # noqa: T201
    assert len(loaded.frameworks) == 1
    assert Requirement.objects.filter(framework=loaded.frameworks[0]).count() == 1414
