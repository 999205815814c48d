"""Frameworks leave as OSCAL and come back the same; identifiers of others are kept."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from compliance.frameworks.exporting import catalog_of
from compliance.frameworks.intake.read import read
from compliance.frameworks.models import Framework, PointOfFocus, Requirement
from compliance.frameworks.oscal.tokens import TOKEN, prefix_of, token, tokens
from compliance.frameworks.services.load import load_library
from compliance.frameworks.services.prepare import edition_of, prepare
from compliance.tenancy.rooms import scope
from controls.models import Control
from controls.services.mapping import map_control
from tests.factories.compliance import make_programme

#: Where to leave the documents for a validator of others, such as compliance-trestle.
LEAVE = os.environ.get("OSCAL_SAMPLES", "")
SHIPPED = ["soc2-tsc-2017", "iso27001-2022", "pci-dss-4.0.1", "nist-csf-2.0", "iso27701-2025"]


def exported(kind, key, organization=""):
    out = io.StringIO()
    call_command("export_oscal", kind=kind, framework=key, organization=organization, stdout=out)
    if LEAVE:
        Path(LEAVE, f"{kind}-{key}.json").write_text(out.getvalue())
    return json.loads(out.getvalue())


def walk(found):
    for each in [*found.get("groups", []), *found.get("controls", [])]:
        yield each
        yield from walk(each)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_framework_goes_out_and_comes_back_the_same(key, room):
    framework = Framework.objects.get(key=key)
    library = read(json.dumps(catalog_of(framework)).encode(), "x.json")
    assert library.faults == []
    [back] = library.editions
    there = edition_of(framework)
    assert (back.key, back.title, back.short_title, back.version, back.publisher, back.complete) == (
        there.key, there.title, there.short_title, there.version, there.publisher, there.complete,
    )  # fmt: skip
    plain = [(e.ref, e.parent, e.assessable, e.level, e.title, e.text, e.category, e.series, e.theme) for e in back.entries]
    assert plain == [
        (e.ref, e.parent, e.assessable, e.level, e.title, e.text.strip(), e.category, e.series, e.theme)
        for e in there.entries
    ]  # fmt: skip
    assert [(e.frequency, e.attributes) for e in back.entries] == [(e.frequency, e.attributes) for e in there.entries]


@pytest.mark.parametrize("key", SHIPPED)
def test_ids_are_tokens_of_their_own_and_the_printed_ref_is_the_label(key, db):
    catalogue = exported("catalog", key)["catalog"]
    rows = list(walk(catalogue))
    ids = [row["id"] for row in rows]
    assert all(TOKEN.match(id) for id in ids)
    assert len(ids) == len(set(ids))
    labels = {prop["value"] for row in rows for prop in row["props"] if prop["name"] == "label"}
    assert labels == set(Requirement.objects.filter(framework__key=key, organization_id="0" * 32).values_list("ref", flat=True))


def test_uuids_are_the_same_each_time_and_of_a_kind_that_oscal_takes(db):
    first, second = (exported("catalog", "iso27001-2022")["catalog"] for _ in range(2))
    assert first["uuid"] == second["uuid"]
    assert re.match(r"^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", first["uuid"])


def test_refs_that_begin_with_a_digit_get_the_frameworks_letters_before_them():
    assert (token("8.3.6", prefix="pci"), token("A.5.1", prefix="iso")) == ("pci-8.3.6", "A.5.1")
    assert (prefix_of("iso27001-2022"), prefix_of("2024-x")) == ("iso", "ref")
    assert tokens([("a", "4 1", ""), ("b", "4_1", ""), ("c", "x", "ac-2.1")], prefix="p") == {
        "a": "p-4_1", "b": "p-4_1-2", "c": "ac-2.1",
    }  # fmt: skip


def test_points_of_focus_go_out_as_guidance_and_come_back_as_such(room, mei):
    framework = Framework.objects.create(key="own", version="1", title="Own", short_title="Own")
    row = Requirement.objects.create(
        framework=framework, ref="C1", position=0, level="criterion", assessable=True, title="C1", text="It holds."
    )
    PointOfFocus.objects.create(requirement=row, ref="C1.a", text="Looks at this.")
    [back] = read(json.dumps(catalog_of(framework)).encode(), "x.json").editions
    assert [(point.ref, point.text) for point in back.entries[0].points] == [("C1.a", "Looks at this.")]


def test_a_profile_names_what_the_programme_is_measured_by(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor, categories=["availability"])
        programme.not_relevant = {"CC6.4": "No premises."}
        programme.save()
    profile = exported("profile", "soc2-tsc-2017", "acme")["profile"]
    [chosen] = profile["imports"][0]["include-controls"]
    assert len(chosen["with-ids"]) == 33 + 3 - 1
    assert "CC6.4" not in chosen["with-ids"]
    assert profile["imports"][0]["href"] == f"#{exported('catalog', 'soc2-tsc-2017')['catalog']['uuid']}"


def test_a_component_definition_says_which_part_each_control_meets(acme, mei):
    with scope(acme):
        made = Control.objects.create(ref="AC-01", title="Accounts", statement="Each has one.")
        retired = Control.objects.create(ref="AC-02", title="Old", statement="Was.", implementation="retired")
        for ref, part in (("8.3.6", "only length"), ("8.2.1", "")):
            row = Requirement.objects.get(framework__key="pci-dss-4.0.1", ref=ref)
            map_control(actor=mei.actor, control=made, requirement=row, part=part)
            map_control(actor=mei.actor, control=retired, requirement=row)
    [component] = exported("component-definition", "pci-dss-4.0.1", "acme")["component-definition"]["components"]
    met = component["control-implementations"][0]["implemented-requirements"]
    assert {each["control-id"]: each["description"] for each in met} == {"pci-8.3.6": "only length", "pci-8.2.1": "All of it"}


def test_what_is_an_organisations_needs_its_name(db):
    with pytest.raises(CommandError, match="--organization"):
        exported("profile", "soc2-tsc-2017")


NIST = {
    "catalog": {
        "uuid": "11111111-2222-4333-8444-555555555555",
        "metadata": {
            "title": "A catalogue in the manner of SP 800-53", "version": "5.1", "oscal-version": "1.1.2",
            "last-modified": "2024-01-01T00:00:00Z",
            "parties": [{"uuid": "11111111-2222-4333-8444-666666666666", "type": "organization", "name": "An institute"}],
        },
        "groups": [{
            "id": "ac", "class": "family", "title": "Access", "controls": [
                {
                    "id": "ac-2", "class": "SP800-53", "title": "Accounts",
                    "params": [
                        {"id": "ac-2_prm_1", "label": "a time"},
                        {"id": "ac-2_prm_2", "select": {"how-many": "one-or-more", "choice": ["{{ insert: param, ac-2_prm_1 }}", "never"]}},
                    ],
                    "props": [
                        {"name": "label", "class": "zero-padded", "value": "AC-02"}, {"name": "label", "value": "AC-2"},
                    ],
                    "parts": [
                        {"id": "ac-2_smt", "name": "statement", "parts": [
                            {"id": "ac-2_smt.a", "name": "item", "props": [{"name": "label", "value": "a."}],
                             "prose": "End accounts within {{ insert: param, ac-2_prm_1 }}; or {{ insert: param, ac-2_prm_2 }}."},
                        ]},
                        {"id": "ac-2_gdn", "name": "guidance", "prose": "Think of services too."},
                        {"id": "ac-2_obj", "name": "assessment-objective", "prose": "Whether it does."},
                    ],
                    "controls": [{
                        "id": "ac-2.1", "class": "SP800-53-enhancement", "title": "By a system",
                        "props": [{"name": "label", "value": "AC-2(1)"}],
                        "parts": [{"id": "ac-2.1_smt", "name": "statement", "prose": "A system does it."}],
                    }],
                },
                {"id": "ac-13", "class": "SP800-53", "title": "Gone", "props": [
                    {"name": "label", "value": "AC-13"}, {"name": "status", "value": "withdrawn"}]},
            ],
        }],
        "back-matter": {"resources": [{"uuid": "11111111-2222-4333-8444-777777777777"}]},
    }
}  # fmt: skip


def test_a_catalogue_in_the_manner_of_nist_keeps_every_identifier(room, mei):
    library = prepare(content=json.dumps(NIST).encode(), name="catalog.json").library
    assert library.faults == []
    [framework] = load_library(actor=mei.actor, library=library).frameworks
    rows = list(Requirement.objects.filter(framework=framework).select_related("parent"))
    assert [(row.external_id, row.ref, row.parent and row.parent.external_id, row.assessable) for row in rows] == [
        ("ac", "ac", None, False), ("ac-2", "AC-2", "ac", True), ("ac-2.1", "AC-2(1)", "ac-2", True),
        ("ac-13", "AC-13", "ac", False),
    ]  # fmt: skip
    assert rows[1].text == "a. End accounts within [a time]; or [one or more of: [a time]; never]."
    assert rows[1].attributes["guidance"] == "Think of services too."
    out = catalog_of(framework)["catalog"]
    assert [row["id"] for row in walk(out)] == ["ac", "ac-2", "ac-2.1", "ac-13"]
    [again] = read(json.dumps({"catalog": out}).encode(), "x.json").editions
    assert [(e.ref, e.external_id, e.text, e.attributes, e.assessable) for e in again.entries] == [
        (e.ref, e.external_id, e.text, e.attributes, e.assessable) for e in edition_of(framework).entries
    ]


def test_nists_own_csf_keeps_its_withdrawn_items_and_assesses_the_106(room):
    """NIST's CSF catalogue of 2024 holds items withdrawn since 1.1 without saying so."""
    official = catalog_of(Framework.objects.get(key="nist-csf-2.0"))
    official["catalog"]["metadata"]["title"] = "The NIST Cybersecurity Framework (CSF) v2.0"
    extra = {"id": "ID.AM-06", "class": "subcategory", "title": "ID.AM-06", "props": [{"name": "label", "value": "ID.AM-06"}]}
    official["catalog"]["groups"][0]["controls"] = [*official["catalog"]["groups"][0].get("controls", []), extra]
    [edition] = prepare(content=json.dumps(official).encode(), name="csf.json").library.editions
    assert (len(edition.entries), edition.assessable) == (135, 106)
    assert [e.ref for e in edition.entries if e.attributes.get("withdrawn")] == ["ID.AM-06"]


def profile_of(*imports, **more):
    head = {"title": "Our baseline", "version": "1", "oscal-version": "1.1.2", "last-modified": "2024-01-01T00:00:00Z"}
    body = {"uuid": "11111111-2222-4333-8444-999999999999", "metadata": head, "imports": list(imports)} | more
    return json.dumps({"profile": body}).encode()


@pytest.fixture()
def nist(room, mei):
    return load_library(actor=mei.actor, library=read(json.dumps(NIST).encode(), "c.json")).frameworks[0]


def refs(library):
    return [(entry.ref, entry.assessable) for entry in library.editions[0].entries]


def test_a_profile_takes_what_it_chooses_with_the_groups_above(nist):
    content = profile_of({"href": "https://example.org/c.json", "include-controls": [{"with-ids": ["ac-2.1"]}]})
    found = prepare(content=content, name="p.json", catalogue=nist).library
    assert refs(found) == [("ac", False), ("AC-2", False), ("AC-2(1)", True)]


def test_a_profile_leaves_out_what_it_excludes(nist):
    content = profile_of({"href": "#x", "include-all": {}, "exclude-controls": [{"with-ids": ["ac-2.1"]}]})
    assert refs(prepare(content=content, name="p.json", catalogue=nist).library) == [("ac", False), ("AC-2", True)]


def test_a_profile_takes_the_controls_below_where_it_says_so(nist):
    content = profile_of({"href": "#x", "include-controls": [{"with-ids": ["ac-2"], "with-child-controls": "yes"}]})
    found = prepare(content=content, name="p.json", catalogue=nist).library
    assert refs(found) == [("ac", False), ("AC-2", True), ("AC-2(1)", True)]


def test_a_profile_finds_its_catalogue_by_its_uuid_in_the_room(nist):
    content = profile_of({"href": f"#{nist.external_id}", "include-all": {}})
    assert prepare(content=content, name="p.json").library.faults == []


def test_a_profile_without_its_catalogue_says_which_one(room):
    content = profile_of({"href": "https://example.org/nobody-has-this.json", "include-all": {}})
    [fault] = prepare(content=content, name="p.json").library.faults
    assert "nobody-has-this.json” is not loaded" in fault.what


def test_a_profile_that_names_unknown_controls_names_each(nist):
    content = profile_of({"href": "#x", "include-controls": [{"with-ids": ["ac-2", "zz-9"]}]})
    [fault] = prepare(content=content, name="p.json", catalogue=nist).library.faults
    assert "zz-9" in fault.what


def test_our_own_profile_comes_back_with_the_catalogue_it_was_made_of(acme, mei, nist):
    with scope(acme):
        profile = exported("profile", str(nist.pk), "acme")
        found = prepare(content=json.dumps(profile).encode(), name="p.json", catalogue=nist).library
    assert [ref for ref, assessable in refs(found) if assessable] == ["AC-2", "AC-2(1)"]
